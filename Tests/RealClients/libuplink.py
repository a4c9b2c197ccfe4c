"""The C library inside the storj-uplink wheel, called through ctypes.

The wheel's own Python class cannot write and lacks multipart, copy, move and more, so the library's functions are
called directly. Calls release Python's lock: threads upload in parallel.
"""
import ctypes
import glob
import os
import sys
from ctypes import (
    POINTER, Structure, byref, c_bool, c_char_p, c_int32, c_int64, c_size_t, c_uint8, c_uint32, c_void_p)


class Error(Structure):
    _fields_ = [("code", c_int32), ("message", c_char_p)]


class Handle(Structure):
    _fields_ = [("handle", c_size_t)]


class Permission(Structure):
    _fields_ = [
        ("allow_download", c_bool), ("allow_upload", c_bool), ("allow_list", c_bool), ("allow_delete", c_bool),
        ("not_before", c_int64), ("not_after", c_int64),
    ]


class SharePrefix(Structure):
    _fields_ = [("bucket", c_char_p), ("prefix", c_char_p)]


class Bucket(Structure):
    _fields_ = [("name", c_char_p), ("created", c_int64)]


class SystemMetadata(Structure):
    _fields_ = [("created", c_int64), ("expires", c_int64), ("content_length", c_int64)]


class CustomMetadataEntry(Structure):
    _fields_ = [("key", c_void_p), ("key_length", c_size_t), ("value", c_void_p), ("value_length", c_size_t)]


class CustomMetadata(Structure):
    _fields_ = [("entries", POINTER(CustomMetadataEntry)), ("count", c_size_t)]


class Object(Structure):
    _fields_ = [("key", c_char_p), ("is_prefix", c_bool), ("system", SystemMetadata), ("custom", CustomMetadata)]


class UploadInfo(Structure):
    _fields_ = [
        ("upload_id", c_char_p), ("key", c_char_p), ("is_prefix", c_bool), ("system", SystemMetadata),
        ("custom", CustomMetadata),
    ]


class Part(Structure):
    _fields_ = [
        ("part_number", c_uint32), ("size", c_size_t), ("modified", c_int64), ("etag", c_void_p),
        ("etag_length", c_size_t),
    ]


class UploadOptions(Structure):
    _fields_ = [("expires", c_int64)]


class DownloadOptions(Structure):
    _fields_ = [("offset", c_int64), ("length", c_int64)]


class ListObjectsOptions(Structure):
    _fields_ = [
        ("prefix", c_char_p), ("cursor", c_char_p), ("recursive", c_bool), ("system", c_bool), ("custom", c_bool),
    ]


class CommitUploadOptions(Structure):
    _fields_ = [("custom_metadata", CustomMetadata)]


class ListUploadPartsOptions(Structure):
    _fields_ = [("cursor", c_uint32)]


def result(kind):
    """The structure of a pointer to `kind` or an error."""

    class Result(Structure):
        _fields_ = [("value", POINTER(kind)), ("error", POINTER(Error))]

    return Result


class CountResult(Structure):
    """Bytes read or written, and an error."""

    _fields_ = [("count", c_size_t), ("error", POINTER(Error))]


class StringResult(Structure):
    _fields_ = [("value", c_char_p), ("error", POINTER(Error))]


HandleResult, BucketResult, ObjectResult = result(Handle), result(Bucket), result(Object)
UploadInfoResult, PartResult = result(UploadInfo), result(Part)

END_OF_FILE = -1
INTERNAL, CANCELED, TOO_MANY_REQUESTS, PERMISSION_DENIED = 0x02, 0x03, 0x05, 0x09
BUCKET_NAME_INVALID, BUCKET_ALREADY_EXISTS, BUCKET_NOT_EMPTY, BUCKET_NOT_FOUND = 0x10, 0x11, 0x12, 0x13
OBJECT_KEY_INVALID, OBJECT_NOT_FOUND, UPLOAD_DONE = 0x20, 0x21, 0x22


def _library():
    pattern = os.path.join(sys.prefix, "lib", "python*", "site-packages", "storj_uplink", "libuplink.so")
    library = ctypes.CDLL(glob.glob(pattern)[0])
    results = {
        HandleResult: [
            "parse_access", "request_access_with_passphrase", "access_share", "open_project", "upload_object",
            "download_object", "upload_part", "derive_encryption_key",
        ],
        BucketResult: [
            "create_bucket", "ensure_bucket", "stat_bucket", "delete_bucket", "delete_bucket_with_objects",
        ],
        ObjectResult: ["stat_object", "delete_object", "copy_object", "upload_info", "download_info", "commit_upload"],
        UploadInfoResult: ["begin_upload"],
        PartResult: ["part_upload_info"],
        StringResult: ["access_serialize", "access_satellite_address"],
        CountResult: ["upload_write", "download_read", "part_upload_write"],
        POINTER(Error): [
            "upload_commit", "upload_abort", "upload_set_custom_metadata", "close_download", "close_project",
            "move_object", "revoke_access", "abort_upload", "part_upload_commit", "part_upload_abort",
            "part_upload_set_etag", "update_object_metadata", "object_iterator_err", "bucket_iterator_err",
            "part_iterator_err", "upload_iterator_err", "access_override_encryption_key",
        ],
        c_void_p: ["list_objects", "list_buckets", "list_upload_parts", "list_uploads"],
        c_bool: ["object_iterator_next", "bucket_iterator_next", "part_iterator_next", "upload_iterator_next"],
        POINTER(Object): ["object_iterator_item"],
        POINTER(Bucket): ["bucket_iterator_item"],
        POINTER(Part): ["part_iterator_item"],
        POINTER(UploadInfo): ["upload_iterator_item"],
    }
    for kind, names in results.items():
        for name in names:
            getattr(library, "uplink_" + name).restype = kind
    return library


_c = _library()


class UplinkError(Exception):
    """An error of the library: its code and text."""

    def __init__(self, code, text):
        # Behind the first line stands a stack of the library's own functions.
        self.code, self.text = code, text.partition("\n")[0]
        super().__init__(f"0x{code & 0xffffffff:x}: {self.text}")


def _raise(error):
    if error:
        code, text = error.contents.code, (error.contents.message or b"").decode(errors="replace")
        _c.uplink_free_error(error)
        raise UplinkError(code, text)


def _value(answer):
    _raise(answer.error)
    return answer.value


def _bytes(text):
    return text if isinstance(text, bytes) else text.encode()


def _custom(metadata):
    """A structure of user metadata; keep the second value alive while the first is used."""
    buffers, entries = [], (CustomMetadataEntry * max(1, len(metadata)))()
    for entry, (key, value) in zip(entries, metadata.items()):
        key, value = ctypes.create_string_buffer(_bytes(key)), ctypes.create_string_buffer(_bytes(value))
        buffers += [key, value]
        entry.key, entry.key_length = ctypes.addressof(key), len(key) - 1
        entry.value, entry.value_length = ctypes.addressof(value), len(value) - 1
    return CustomMetadata(entries, len(metadata)), (buffers, entries)


class ObjectInfo:
    """A copy of an object's record."""

    def __init__(self, item):
        self.key, self.is_prefix = item.key.decode(), item.is_prefix
        self.size, self.created, self.expires = (
            item.system.content_length, item.system.created, item.system.expires)
        self.metadata = {
            ctypes.string_at(entry.key, entry.key_length).decode():
                ctypes.string_at(entry.value, entry.value_length).decode()
            for entry in (item.custom.entries[index] for index in range(item.custom.count))
        }


class Access:
    """An access grant."""

    def __init__(self, handle):
        self.handle = handle

    @classmethod
    def parse(cls, text):
        return cls(_value(_c.uplink_parse_access(_bytes(text))))

    @classmethod
    def request(cls, satellite, key, passphrase):
        return cls(_value(_c.uplink_request_access_with_passphrase(_bytes(satellite), _bytes(key), _bytes(passphrase))))

    def serialize(self):
        return _value(_c.uplink_access_serialize(self.handle)).decode()

    def satellite(self):
        return _value(_c.uplink_access_satellite_address(self.handle)).decode()

    def share(self, download=False, upload=False, list=False, delete=False, not_before=0, not_after=0, prefixes=()):
        places = (SharePrefix * max(1, len(prefixes)))(
            *[SharePrefix(_bytes(bucket), _bytes(prefix)) for bucket, prefix in prefixes])
        permission = Permission(download, upload, list, delete, not_before, not_after)
        return Access(_value(_c.uplink_access_share(self.handle, permission, places, c_int32(len(prefixes)))))

    def override_key(self, bucket, prefix, passphrase, salt):
        key = _value(_c.uplink_derive_encryption_key(_bytes(passphrase), salt, c_size_t(len(salt))))
        _raise(_c.uplink_access_override_encryption_key(self.handle, _bytes(bucket), _bytes(prefix), key))

    def open(self):
        return Project(_value(_c.uplink_open_project(self.handle)))


class Upload:
    """An upload that is written, then committed or aborted; also a part of a multipart upload."""

    def __init__(self, handle, kind="upload"):
        self.handle, self.kind = handle, kind

    def _call(self, verb):
        return getattr(_c, f"uplink_{self.kind}_{verb}")

    def write(self, data):
        data = bytes(data)
        start, written = ctypes.cast(c_char_p(data), c_void_p).value or 0, 0
        while written < len(data):
            answer = self._call("write")(self.handle, c_void_p(start + written), c_size_t(len(data) - written))
            written += answer.count
            _raise(answer.error)
        return self

    def set_metadata(self, metadata):
        structure, keep = _custom(metadata)
        _raise(_c.uplink_upload_set_custom_metadata(self.handle, structure))
        del keep
        return self

    def set_etag(self, etag):
        _raise(_c.uplink_part_upload_set_etag(self.handle, _bytes(etag)))
        return self

    def commit(self):
        _raise(self._call("commit")(self.handle))

    def abort(self):
        _raise(self._call("abort")(self.handle))


class Project:
    """An open project."""

    def __init__(self, handle):
        self.handle = handle

    def __enter__(self):
        return self

    def __exit__(self, *_):
        _raise(_c.uplink_close_project(self.handle))

    # Buckets

    def create_bucket(self, name):
        _value(_c.uplink_create_bucket(self.handle, _bytes(name)))

    def ensure_bucket(self, name):
        _value(_c.uplink_ensure_bucket(self.handle, _bytes(name)))

    def stat_bucket(self, name):
        return _value(_c.uplink_stat_bucket(self.handle, _bytes(name))).contents.name.decode()

    def delete_bucket(self, name):
        _value(_c.uplink_delete_bucket(self.handle, _bytes(name)))

    def delete_bucket_with_objects(self, name):
        _value(_c.uplink_delete_bucket_with_objects(self.handle, _bytes(name)))

    def list_buckets(self):
        iterator = c_void_p(_c.uplink_list_buckets(self.handle, None))
        return list(self._items("bucket", iterator, lambda bucket: bucket.name.decode()))

    # Objects

    def upload(self, bucket, key, expires=0):
        options = UploadOptions(expires)
        return Upload(_value(_c.uplink_upload_object(self.handle, _bytes(bucket), _bytes(key), byref(options))))

    def put(self, bucket, key, data, metadata=None, expires=0):
        upload = self.upload(bucket, key, expires).write(data)
        if metadata:
            upload.set_metadata(metadata)
        upload.commit()

    def get(self, bucket, key, offset=0, length=-1, chunk=1 << 20):
        options = DownloadOptions(offset, length)
        handle = _value(_c.uplink_download_object(self.handle, _bytes(bucket), _bytes(key), byref(options)))
        data, buffer = bytearray(), (c_uint8 * chunk)()
        try:
            while True:
                answer = _c.uplink_download_read(handle, buffer, c_size_t(chunk))
                data += memoryview(buffer)[:answer.count]
                try:
                    _raise(answer.error)
                except UplinkError as error:
                    if error.code == END_OF_FILE:
                        return bytes(data)
                    raise
        finally:
            _c.uplink_close_download(handle)

    def open_download(self, bucket, key):
        """A download that is read by hand: `read(handle, size)`, `close(handle)`."""
        options = DownloadOptions(0, -1)
        return _value(_c.uplink_download_object(self.handle, _bytes(bucket), _bytes(key), byref(options)))

    @staticmethod
    def read(handle, size):
        """At most `size` bytes; nothing at the end."""
        buffer = (c_uint8 * size)()
        answer = _c.uplink_download_read(handle, buffer, c_size_t(size))
        data = bytes(memoryview(buffer)[:answer.count])
        try:
            _raise(answer.error)
        except UplinkError as error:
            if error.code != END_OF_FILE:
                raise
        return data

    @staticmethod
    def close(handle):
        _raise(_c.uplink_close_download(handle))

    def stat(self, bucket, key):
        return ObjectInfo(_value(_c.uplink_stat_object(self.handle, _bytes(bucket), _bytes(key))).contents)

    def delete(self, bucket, key):
        """The deleted object's record; None when there was none."""
        deleted = _value(_c.uplink_delete_object(self.handle, _bytes(bucket), _bytes(key)))
        return ObjectInfo(deleted.contents) if deleted else None

    def list(self, bucket, prefix="", recursive=False, cursor="", system=True, custom=True):
        options = ListObjectsOptions(_bytes(prefix), _bytes(cursor), recursive, system, custom)
        iterator = c_void_p(_c.uplink_list_objects(self.handle, _bytes(bucket), byref(options)))
        return list(self._items("object", iterator, ObjectInfo))

    def copy(self, bucket, key, new_bucket, new_key):
        _value(_c.uplink_copy_object(
            self.handle, _bytes(bucket), _bytes(key), _bytes(new_bucket), _bytes(new_key), None))

    def move(self, bucket, key, new_bucket, new_key):
        _raise(_c.uplink_move_object(
            self.handle, _bytes(bucket), _bytes(key), _bytes(new_bucket), _bytes(new_key), None))

    def update_metadata(self, bucket, key, metadata):
        structure, keep = _custom(metadata)
        _raise(_c.uplink_update_object_metadata(self.handle, _bytes(bucket), _bytes(key), structure, None))
        del keep

    # Multipart

    def begin_upload(self, bucket, key):
        info = _value(_c.uplink_begin_upload(self.handle, _bytes(bucket), _bytes(key), None))
        return info.contents.upload_id.decode()

    def upload_part(self, bucket, key, upload_id, number):
        return Upload(_value(_c.uplink_upload_part(
            self.handle, _bytes(bucket), _bytes(key), _bytes(upload_id), c_uint32(number))), "part_upload")

    def commit_upload(self, bucket, key, upload_id, metadata=None):
        structure, keep = _custom(metadata or {})
        options = CommitUploadOptions(structure)
        _value(_c.uplink_commit_upload(
            self.handle, _bytes(bucket), _bytes(key), _bytes(upload_id), byref(options)))
        del keep

    def abort_upload(self, bucket, key, upload_id):
        _raise(_c.uplink_abort_upload(self.handle, _bytes(bucket), _bytes(key), _bytes(upload_id)))

    def list_parts(self, bucket, key, upload_id):
        """Pairs of number, size and entity tag."""
        iterator = c_void_p(_c.uplink_list_upload_parts(
            self.handle, _bytes(bucket), _bytes(key), _bytes(upload_id), byref(ListUploadPartsOptions(0))))
        return list(self._items("part", iterator, lambda part: (
            part.part_number, part.size, ctypes.string_at(part.etag, part.etag_length) if part.etag_length else b"")))

    def list_uploads(self, bucket, prefix="", recursive=True):
        """Pairs of key and upload id."""
        options = ListObjectsOptions(_bytes(prefix), b"", recursive, True, True)
        iterator = c_void_p(_c.uplink_list_uploads(self.handle, _bytes(bucket), byref(options)))
        return list(self._items("upload", iterator, lambda info: (info.key.decode(), info.upload_id.decode())))

    # Sharing

    def revoke(self, access):
        _raise(_c.uplink_revoke_access(self.handle, access.handle))

    @staticmethod
    def _items(kind, iterator, convert):
        item, free = getattr(_c, f"uplink_{kind}_iterator_item"), getattr(_c, f"uplink_free_{kind}_iterator")
        try:
            while getattr(_c, f"uplink_{kind}_iterator_next")(iterator):
                yield convert(item(iterator).contents)
            _raise(getattr(_c, f"uplink_{kind}_iterator_err")(iterator))
        finally:
            free(iterator)
