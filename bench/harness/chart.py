"""A bar chart as SVG: readable on light and dark, and told in words to those who listen."""

from xml.sax.saxutils import escape

WIDTH, LEFT, ROW, TOP, RIGHT = 760, 250, 34, 64, 130

STYLE = """
  text { font: 14px system-ui, sans-serif; fill: #1d2430 }
  .title { font-weight: 600; font-size: 16px }
  .small { font-size: 12px; fill: #525d6e }
  .ours { fill: #0b6e4f }
  .peer { fill: #8a94a6 }
  @media (prefers-color-scheme: dark) {
    text { fill: #eef1f5 } .small { fill: #b4bdca } .ours { fill: #4cc38a } .peer { fill: #7b8698 }
  }
"""


def bars(title, subtitle, rows):
    """Rows are (name, number, text beside the bar, is it ours)."""
    longest = max(number for _, number, _, _ in rows) or 1
    height = TOP + ROW * len(rows) + 16
    told = "; ".join(f"{name}: {text}" for name, _, text, _ in rows)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" '
        'role="img" aria-labelledby="title desc">',
        f'<title id="title">{escape(title)}</title>',
        f'<desc id="desc">{escape(subtitle)}. {escape(told)}.</desc>',
        f"<style>{STYLE}</style>",
        f'<text class="title" x="16" y="26">{escape(title)}</text>',
        f'<text class="small" x="16" y="46">{escape(subtitle)}</text>',
    ]
    for place, (name, number, text, is_ours) in enumerate(rows):
        y = TOP + ROW * place
        width = max(2, (WIDTH - LEFT - RIGHT) * number / longest)
        parts += [
            f'<text x="{LEFT - 12}" y="{y + 18}" text-anchor="end">{escape(name)}</text>',
            f'<rect class="{"ours" if is_ours else "peer"}" x="{LEFT}" y="{y + 3}" width="{width:.1f}" height="22" rx="3"/>',
            f'<text x="{LEFT + width + 8:.1f}" y="{y + 18}">{escape(text)}</text>',
        ]
    return "\n".join([*parts, "</svg>", ""])
