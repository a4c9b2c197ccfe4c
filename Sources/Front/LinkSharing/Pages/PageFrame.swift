/// What all pages have in common.
struct PageFrame {
    let title: String
    let content: HTMLText

    var html: String {
        let page: HTMLText = """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="robots" content="noindex">
            <link rel="icon" href="data:,">
            <title>\(title)</title>
            <style>\(Self.style)</style>
            </head>
            <body><main>\(content)</main></body>
            </html>

            """
        return page.description
    }

    private static let style: HTMLText = """
        :root{color-scheme:light dark;--line:#8884;--quiet:light-dark(#5c5c66,#a2a2ad);--accent:#0149ff}
        body{margin:0;font:16px/1.5 system-ui,sans-serif}
        main{max-width:60rem;margin:0 auto;padding:2rem 1rem}
        h1{font-size:1.4rem;overflow-wrap:anywhere;margin:.2em 0 .6em}
        a{color:var(--accent);text-decoration:none}a:hover{text-decoration:underline}
        @media(prefers-color-scheme:dark){a{color:#8ab4ff}}
        nav,.quiet{color:var(--quiet);font-size:.9rem;overflow-wrap:anywhere}
        table{width:100%;border-collapse:collapse}
        td,th{padding:.35rem .5rem;border-bottom:1px solid var(--line);text-align:left;overflow-wrap:anywhere}
        td.number,th.number{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
        .button{display:inline-block;padding:.5rem 1.2rem;border-radius:.5rem;background:var(--accent);color:#fff;
        margin:.5rem .5rem 1rem 0}
        .preview{max-width:100%;max-height:70vh;border-radius:.5rem;display:block;margin:1rem 0}
        .map{width:100%;border:1px solid var(--line);border-radius:.5rem;margin:.5rem 0;background:#fff}
        """
}
