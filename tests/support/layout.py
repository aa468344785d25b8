"""What a person would call broken about a page's layout, measured in the browser."""

from playwright.sync_api import Page

# Lists, strips and tables that are made to be scrolled, and the bar that runs through a progress:
# what lies within may be out of sight.
SCROLLED = (
    ".progress, .panel, .strip, .sample-strip, .hint-list, .staff-table, .table-scroll, pre, table"
)

# Controls whose words wrap or are cut off, or that something else covers; texts and bars that are
# cut off or scroll sideways; a header of two rows; a page that scrolls sideways.
_MEASURE = """([width, scrolled]) => {
    const faults = [];
    const seen = (element) => {
        const box = element.getBoundingClientRect();
        return box.width > 1 && box.height > 1
            && element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
    };
    const name = (element) =>
        element.dataset?.testid || element.className || element.textContent.trim().slice(0, 40);
    for (const element of document.querySelectorAll('button, a.button, .menu-item, .site-nav a')) {
        const box = element.getBoundingClientRect();
        if (!seen(element) || element.closest(scrolled)) continue;
        const text = element.textContent.trim();
        if (text && element.scrollWidth > element.clientWidth + 1)
            faults.push(`${name(element)}: cut off`);
        const words = document.createRange();
        words.selectNodeContents(element);
        const lines = [...words.getClientRects()].filter(rect => rect.width > 2 && rect.height > 8);
        const spread = Math.max(...lines.map(r => r.bottom)) - Math.min(...lines.map(r => r.top));
        if (text && spread > 1.9 * parseFloat(getComputedStyle(element).fontSize) * 1.5)
            faults.push(`${name(element)}: wraps`);
        if (box.left < -1 || box.right > width + 1)
            faults.push(`${name(element)}: beyond the side`);
        const inSight = box.top >= 0 && box.bottom <= innerHeight;
        const top = inSight
            && document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
        if (top && !element.contains(top) && !top.contains(element))
            faults.push(`${name(element)}: covered by ${name(top) || top.tagName}`);
    }
    for (const element of document.querySelectorAll('body *')) {
        const { overflowX, textOverflow } = getComputedStyle(element);
        if (overflowX === 'visible' || textOverflow === 'ellipsis' || !seen(element)) continue;
        if (element.closest(scrolled) || element.matches('input, select, textarea, canvas'))
            continue;
        if (element.scrollWidth > element.clientWidth + 1) faults.push(
            `${name(element)}: ${element.scrollWidth} px in ${element.clientWidth} px`);
    }
    const header = document.querySelector('.site-header')?.getBoundingClientRect();
    if (header?.height > 66) faults.push(`the header is ${header.height} px high`);
    if (document.documentElement.scrollWidth > width) faults.push('the page scrolls sideways');
    return faults;
}"""


def layout_faults(page: Page) -> list[str]:
    """Measure the page as it stands; an empty list is a page with nothing cut off or covered."""
    size = page.viewport_size
    assert size is not None
    faults: list[str] = page.evaluate(_MEASURE, [size["width"], SCROLLED])
    return faults
