"""Draws the pictures of the demo shop's smaller goods.

    python -m tools.pictures

Each product has a shape of its own, or a bag or tin with an emblem of its own; colours
are by hue, so that neighbours on a shelf differ. What is drawn is kept in the
repository: run it again after a change here.
"""

from colorsys import hls_to_rgb
from pathlib import Path

FOLDER = Path(__file__).parent.parent / "static" / "shop" / "products"
SHADOW = '<ellipse cx="240" cy="402" rx="128" ry="9" fill="#1b1a18" opacity=".13"/>'

# Emblems are about 100 wide around the middle of a label.
EMBLEMS = {
    "mountain": "M-50 38-14-34 6 2 22-24 54 38Z",
    "sun": "M0-26a26 26 0 1 0 .1 0ZM-4-54h8v18h-8ZM-4 36h8v18h-8ZM-54-4h18v8h-18Z"
    "M36-4h18v8h-18Z",
    "wave": "M-54 8q14-28 27 0t27 0 27 0 27 0v14q-13 28-27 0t-27 0-27 0-27 0Z",
    "leaf": "M0 50C-58 14-34-40 0-54 34-40 58 14 0 50ZM-3-36h6v92h-6Z",
    "flower": "M0-12a22 22 0 1 1 .1 0ZM0 12a22 22 0 1 0 .1 0ZM-12 0a22 22 0 1 0 0 .1Z"
    "M12 0a22 22 0 1 1 0 .1Z",
    "anchor": "M-6-50h12v84q28-4 34-34l12 8Q40 50 0 54-40 50-52 8l12-8q6 30 34 34Z"
    "M-26-28h52v12h-52Z",
    "tree": "M0-56 34-10H18L44 28H8v26H-8V28h-36L-18-10h-16Z",
    "island": "M-54 34q54-40 108 0ZM-4 14q-2-36 8-50l7 3q-9 16-6 48ZM8-36q22-14 40 4"
    "q-22-6-38 4ZM6-36q-22-18-44-2 24-2 42 8Z",
    "smoke": "M-26 50q-20-26 2-48t2-48q32 26 10 50t2 46ZM12 50q-18-22 2-42t2-42"
    "q28 24 8 44t2 40Z",
    "star": "M0-54 14-16 54-14 22 12 34 50 0 28-34 50-22 12-54-14-14-16Z",
    "moon": "M18-50A52 52 0 1 0 44 30 44 44 0 1 1 18-50Z",
    "drop": "M0-54q44 54 44 72a44 36 0 0 1-88 0q0-18 44-72Z",
    "berry": "M-22 0a24 24 0 1 0 .1 0ZM22 0a24 24 0 1 0 .1 0ZM0-42a24 24 0 1 0 .1 0Z",
    "lighthouse": "M-16 50-10-28h20l6 78ZM-14-34h28v-8l-14-14-14 14Z"
    "M16-36 54-48v20ZM-16-36-54-48v20Z",
}

BAGS = {  # Name: hue and emblem.
    "reef-brazil": (0.50, "wave"),
    "glacier-kenya": (0.58, "mountain"),
    "meadow-costarica": (0.28, "flower"),
    "island-sumatra": (0.10, "island"),
    "dawn-rwanda": (0.04, "sun"),
    "forest-herbs": (0.36, "tree"),
    "lake-chamomile": (0.14, "star"),
}
TINS = {
    "north-breakfast-tea": (0.02, "anchor"),
    "archipelago-earl-grey": (0.62, "island"),
    "white-night-green": (0.32, "moon"),
    "moss-oolong": (0.24, "leaf"),
    "amber-puer": (0.08, "drop"),
    "harvest-rooibos": (0.05, "berry"),
    "jasmine-harbor": (0.44, "flower"),
    "smoke-lapsang": (0.70, "smoke"),
}
JARS = {
    "matcha-stone": (0.27, "leaf"),
    "lighthouse-instant": (0.55, "lighthouse"),
    "storage-jar": (0.11, ""),
}


def tone(hue: float, light: float, full: float = 0.34) -> str:
    """Return a colour as CSS writes it."""
    red, green, blue = (round(255 * each) for each in hls_to_rgb(hue, light, full))
    return f"#{red:02x}{green:02x}{blue:02x}"


def fill(path: str, colour: str, more: str = "") -> str:
    return f'<path d="{path}" fill="{colour}"{more}/>'


def line(path: str, colour: str, width: int) -> str:
    return (
        f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="{width}" '
        'stroke-linecap="round" stroke-linejoin="round"/>'
    )


def label(emblem: str, hue: float, *, y: int) -> str:
    """Return a round label with an emblem on it."""
    place = f' transform="translate(240 {y})"'
    disc = f'<circle cx="240" cy="{y}" r="72" fill="#f4efe4"/>'
    return disc + fill(EMBLEMS[emblem], tone(hue, 0.36, 0.5), place)


def bag(hue: float, emblem: str) -> str:
    return (
        fill(
            "M150 120h180l22 264a16 16 0 0 1-16 16H144a16 16 0 0 1-16-16Z",
            tone(hue, 0.42),
        )
        + fill("M290 120h40l22 264a16 16 0 0 1-16 16h-36Z", tone(hue, 0.35))
        + fill("M150 120h180l3 32H147Z", tone(hue, 0.28))
        + fill("M152 84h176v36H152Z", tone(hue, 0.5))
        + label(emblem, hue, y=270)
    )


def tin(hue: float, emblem: str) -> str:
    return (
        fill(
            "M144 150h192v238a12 12 0 0 1-12 12H156a12 12 0 0 1-12-12Z", tone(hue, 0.46)
        )
        + fill("M298 150h38v238a12 12 0 0 1-12 12h-26Z", tone(hue, 0.38))
        + fill("M132 104h216a8 8 0 0 1 8 8v38H124v-38a8 8 0 0 1 8-8Z", tone(hue, 0.3))
        + fill("M204 84h72v20h-72Z", tone(hue, 0.24))
        + label(emblem, hue, y=276)
    )


def jar(hue: float, emblem: str) -> str:
    body = (
        fill(
            "M140 168h200v200a32 32 0 0 1-32 32H172a32 32 0 0 1-32-32Z",
            "#eef1ee",
            ' opacity=".9"',
        )
        + fill(
            "M152 220h176v148a20 20 0 0 1-20 20H172a20 20 0 0 1-20-20Z", tone(hue, 0.4)
        )
        + fill(
            "M150 104h180a10 10 0 0 1 10 10v54H140v-54a10 10 0 0 1 10-10Z", "#9a7447"
        )
        + line("M168 190v150", "#ffffff", 8)
    )
    return body + (label(emblem, hue, y=300) if emblem else "")


WOOD, STEEL, DARK, CLOTH = "#9a6b3f", "#b9c2c6", "#333a3d", "#f1ead9"

OTHERS: dict[str, tuple[float, str]] = {
    "paper-filters-v": (
        0.12,
        "".join(
            fill(
                f"M{112 + n * 14} {150 + n * 12}h210l-78 214a24 24 0 0 1-54 0Z", colour
            )
            for n, colour in enumerate(("#d9ccb0", "#e8dec7", "#f6f0e1"))
        ),
    ),
    "descaler-birch": (
        0.56,
        fill(
            "M204 96h72v40l34 44v204a16 16 0 0 1-16 "
            "16H186a16 16 0 0 1-16-16V180l34-44Z",
            "#5b8fa3",
        )
        + fill("M200 70h80v30h-80Z", DARK)
        + label("drop", 0.55, y=286),
    ),
    "grinder-brush": (
        0.10,
        fill("M228 60h24a12 12 0 0 1 12 12v150h-48V72a12 12 0 0 1 12-12Z", WOOD)
        + fill("M190 222h100v34H190Z", STEEL)
        + "".join(
            line(f"M{200 + n * 16} 262v{110 + n % 2 * 14}", "#4b4038", 10)
            for n in range(6)
        ),
    ),
    "espresso-brush": (
        0.52,
        line("M120 130 290 300", WOOD, 34)
        + fill("M270 290l44-44 34 34-44 44Z", DARK)
        + "".join(
            line(f"M{284 + n * 14} {330 - n * 14}l40 40", "#e8dfcf", 9)
            for n in range(4)
        ),
    ),
    "linen-towel": (
        0.60,
        fill("M130 96h220v288H130Z", CLOTH)
        + "".join(fill(f"M130 {316 + n * 22}h220v10H130Z", "#4f7a8c") for n in range(3))
        + fill("M232 96h8v288h-8Z", "#ded3bb")
        + line("M214 96q26-40 52 0", DARK, 8),
    ),
    "barista-apron": (
        0.08,
        line("M186 112q54-74 108 0", "#5b4632", 12)
        + fill("M184 108h112l8 92 58 26v174H118V226l58-26Z", "#3f5a4d")
        + fill("M186 262h108v74H186Z", "#35493f")
        + line("M240 262v74", "#2a3b33", 5)
        + line("M118 232 76 262M362 232l42 30", "#5b4632", 10),
    ),
    "knock-box": (
        0.03,
        fill("M124 176h232l-18 208a16 16 0 0 1-16 16H158a16 16 0 0 1-16-16Z", DARK)
        + fill("M112 160h256v26H112Z", STEEL)
        + line("M132 214h216", "#8a5a34", 26),
    ),
    "tamper-walnut": (
        0.11,
        fill("M214 84h52q26 0 26 36-6 60-26 84h-52q-20-24-26-84 0-36 26-36Z", WOOD)
        + fill("M222 204h36v110h-36Z", STEEL)
        + fill("M152 314h176v56a18 18 0 0 1-18 18H170a18 18 0 0 1-18-18Z", "#98a4a9"),
    ),
    "milk-pitcher": (
        0.58,
        line("M324 190c76-6 78 124 0 120", STEEL, 22)
        + fill(
            "M156 150l-34-30h60l150 0-8 60 10 190a30 30 0 0 1-30 30H176a30 30 0 0 1"
            "-30-30Z",
            "#c9d1d4",
        )
        + fill("M290 120h42l-8 60 10 190a30 30 0 0 1-30 30h-30Z", "#a9b4b9")
        + fill("M122 120h210l-4 18H142Z", "#8e9a9f"),
    ),
    "thermometer-clip": (
        0.02,
        '<circle cx="240" cy="150" r="86" fill="#3d4a50"/>'
        '<circle cx="240" cy="150" r="70" fill="#f6f2e8"/>'
        + line("M240 150 280 108", "#b3402f", 8)
        + line("M190 176a58 58 0 0 1 100-52", "#6f9a58", 9)
        + fill("M232 236h16v150l-8 16-8-16Z", STEEL)
        + fill("M258 262h34v70h-18v-40h-16Z", DARK),
    ),
    "gift-card-box": (
        0.97,
        fill("M112 190h256v198a12 12 0 0 1-12 12H124a12 12 0 0 1-12-12Z", "#a5443c")
        + fill("M98 146h284v54H98Z", "#8c352f")
        + fill("M222 146h36v254h-36Z", "#e7c57c")
        + line(
            "M240 146c-70-10-86-78-40-80 30 0 40 50 40 80 0-30 10-80 40-80 46 2 30"
            " 70-40 80Z",
            "#e7c57c",
            14,
        ),
    ),
    "tea-sampler": (
        0.40,
        "".join(
            fill(
                f"M{104 + n % 3 * 94} {130 + n // 3 * 138}h82v122h-82Z", tone(hue, 0.45)
            )
            + f'<circle cx="{145 + n % 3 * 94}" cy="{192 + n // 3 * 138}" r="24" '
            'fill="#f4efe4"/>'
            for n, hue in enumerate((0.02, 0.12, 0.3, 0.45, 0.6, 0.8))
        ),
    ),
    "drift-server": (
        0.53,
        line("M322 210c70 0 74 120 6 124", DARK, 18)
        + fill(
            "M186 110h108l14 60q44 60 28 170a60 60 0 0 1-56 60h-80a60 60 0 0 1-56"
            "-60q-16-110 28-170Z",
            "#dfe9ea",
        )
        + fill(
            "M146 276q94-30 188 0l2 64a60 60 0 0 1-56 60h-80a60 60 0 0 1-56-60Z",
            "#5a3a24",
        )
        + fill("M178 96h124v22H178Z", DARK),
    ),
    "pier-mug": (
        0.04,
        line("M332 208c74-8 78 112-6 110", "#7d3a2d", 20)
        + fill("M128 168h214v180a52 52 0 0 1-52 52H180a52 52 0 0 1-52-52Z", "#9b4a3a")
        + fill("M128 236h214v26H128Z", "#e8d8bd")
        + fill("M128 280h214v12H128Z", "#e8d8bd"),
    ),
    "skerry-espresso-cups": (
        0.55,
        "".join(
            line(f"M{x + 124} 268c42-4 44 62 0 60", dark, 12)
            + fill(f"M{x} 244h128v70a50 50 0 0 1-50 50h-28a50 50 0 0 1-50-50Z", colour)
            + f'<ellipse cx="{x + 64}" cy="384" rx="84" ry="12" fill="{dark}"/>'
            for x, colour, dark in (
                (78, "#4d7486", "#385868"),
                (248, "#d9b36a", "#a98443"),
            )
        ),
    ),
    "tide-cold-bottle": (
        0.50,
        fill(
            "M206 128h68v44q42 22 42 80v118a30 30 0 0 1-30 30"
            "h-92a30 30 0 0 1-30-30V252q0-58 42-80Z",
            "#dcebe9",
        )
        + fill("M164 262h152v108a30 30 0 0 1-30 30h-92a30 30 0 0 1-30-30Z", "#4a2f1e")
        + fill("M196 76h88v52h-88Z", WOOD)
        + line("M184 286v84", "#7d5a40", 8),
    ),
    "fern-teapot": (
        0.36,
        line("M338 230c84-30 92 96 6 110", "#4f7352", 22)
        + line("M140 300C94 292 104 226 62 212", "#4f7352", 30)
        + '<ellipse cx="240" cy="292" rx="112" ry="104" fill="#5f8a63"/>'
        + fill("M164 212q76-60 152 0Z", "#4f7352")
        + '<circle cx="240" cy="168" r="17" fill="#d9b36a"/>'
        + fill(EMBLEMS["leaf"], "#e8efdc", ' transform="translate(240 306)"'),
    ),
    "buoy-travel-mug": (
        0.02,
        fill("M168 150h144l-16 234a16 16 0 0 1-16 16h-80a16 16 0 0 1-16-16Z", "#c2513e")
        + fill("M174 230h132l-4 66H178Z", "#f1ead9")
        + fill("M156 108h168v44H156Z", DARK)
        + fill("M262 90h34v20h-34Z", DARK),
    ),
}


def picture(hue: float, drawn: str) -> str:
    """Return a whole picture: a pale ground, a shadow, the thing."""
    ground = f'<rect width="480" height="480" fill="{tone(hue, 0.87, 0.24)}"/>'
    head = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 480 480">'
    return f"{head}{ground}{SHADOW}{drawn}</svg>\n"


def main() -> None:
    """Draw everything anew."""
    for shape, names in ((bag, BAGS), (tin, TINS), (jar, JARS)):
        for name, (hue, emblem) in names.items():
            ground = (hue + 0.45) % 1
            write(name, picture(ground, shape(hue, emblem)))
    for name, (hue, drawn) in OTHERS.items():
        write(name, picture(hue, drawn))


def write(name: str, text: str) -> None:
    (FOLDER / f"{name}.svg").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
