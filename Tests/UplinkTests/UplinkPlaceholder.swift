import Uplink
import Testing

