"""Pages that are empty without JavaScript, drawn by one headless Chromium whose only way out is the guarded fetcher.

Needs the extra `render` and a Chromium; nothing else imports this package before a page asks for it.
"""

from tools.render.chromium import find_browser
from tools.render.limits import RenderLimits
from tools.render.renderer import Renderer

__all__ = ["RenderLimits", "Renderer", "find_browser"]
