"""Units of measure, currencies and multipliers in English and Chinese, each as a base unit and a factor. Data only."""

Unit = tuple[str, float]
"""(base unit, how many of it)."""

_TABLE: dict[str, list[tuple[float, str]]] = {
    "%": [(1, "% percent 个百分点 pct ％")],
    "B": [
        (1, "byte bytes 字节"),
        (1e3, "kb kilobyte kilobytes"),
        (1e6, "mb megabyte megabytes 兆字节 兆"),
        (1e9, "gb gigabyte gigabytes 吉字节"),
        (1e12, "tb terabyte terabytes 太字节"),
        (1e15, "pb petabyte petabytes"),
        (2**10, "kib kibibyte kibibytes"),
        (2**20, "mib mebibyte mebibytes"),
        (2**30, "gib gibibyte gibibytes"),
        (2**40, "tib tebibyte tebibytes"),
    ],
    "bit": [(1, "bit bits 比特"), (1e3, "kbit kbits"), (1e6, "mbit mbits"), (1e9, "gbit gbits")],
    "bit/s": [(1e3, "kbps kbit/s"), (1e6, "mbps mbit/s"), (1e9, "gbps gbit/s")],
    "s": [
        (1e-9, "ns nanosecond nanoseconds 纳秒"),
        (1e-6, "µs us microsecond microseconds 微秒"),
        (1e-3, "ms millisecond milliseconds 毫秒"),
        (1, "s sec secs second seconds 秒 秒钟"),
        (60, "min mins minute minutes 分钟"),
        (3_600, "h hr hrs hour hours 小时 个小时 钟头 个钟头"),
        (86_400, "day days 天"),
        (604_800, "week weeks 周 星期 个星期 礼拜 个礼拜"),
    ],
    # Months and years of a length of time are not seconds: nobody means 30.44 days.
    "months": [(1, "month months 个月"), (12, "year years yr yrs 年 年间 周年 岁 周岁"), (120, "decade decades")],
    "m": [
        (1e-9, "nm nanometer nanometers nanometre nanometres 纳米"),
        (1e-6, "µm um micrometer micrometers micrometre micrometres 微米"),
        (1e-3, "mm millimeter millimeters millimetre millimetres 毫米"),
        (1e-2, "cm centimeter centimeters centimetre centimetres 厘米"),
        (1, "m meter meters metre metres 米 公尺"),
        (1e3, "km kilometer kilometers kilometre kilometres 公里 千米"),
        (500, "里 华里"),
        (0.0254, "inch inches 英寸"),
        (0.3048, "ft foot feet 英尺"),
        (0.9144, "yard yards 码"),
        (1_609.344, "mi mile miles 英里"),
        (1_852, "海里"),
    ],
    "m2": [
        (1, "m2 m² 平方米 平米"),
        (1e6, "km2 km² 平方公里 平方千米"),
        (1e4, "hectare hectares 公顷"),
        (4_046.8564224, "acre acres 英亩"),
        (10_000 / 15, "亩"),
    ],
    "l": [(1e-3, "ml millilitre millilitres milliliter milliliters 毫升"), (1, "l litre litres liter liters 升")],
    "kg": [
        (1e-6, "mg milligram milligrams 毫克"),
        (1e-3, "g gram grams 克"),
        (1, "kg kilogram kilograms kilo kilos 公斤 千克"),
        (0.5, "斤"),
        (1e3, "tonne tonnes ton tons 吨"),
        (0.45359237, "lb lbs pound pounds 磅"),
        (0.028349523125, "oz ounce ounces 盎司"),
    ],
    "°C": [(1, "°c ℃ 摄氏度")],
    "°F": [(1, "°f ℉ 华氏度")],
    "°": [(1, "° degree degrees 度")],
    "Hz": [(1, "hz 赫兹"), (1e3, "khz"), (1e6, "mhz"), (1e9, "ghz")],
    "W": [
        (1, "w watt watts 瓦"),
        (1e3, "kw kilowatt kilowatts 千瓦"),
        (1e6, "megawatt megawatts 兆瓦"),
        (1e9, "gw gigawatt gigawatts"),
    ],
    "Wh": [(1, "wh"), (1e3, "kwh 千瓦时"), (1e6, "mwh"), (1e9, "gwh"), (1e12, "twh")],
    "V": [(1, "v volt volts 伏")],
    "km/h": [(1, "km/h kph kmh 公里/小时"), (1.609344, "mph"), (3.6, "m/s 米/秒")],
    "USD": [(1, "usd dollar dollars us$ $ 美元 美金"), (0.01, "cent cents 美分")],
    "CNY": [(1, "cny rmb yuan renminbi 人民币 元人民币 元 块 块钱 圆")],
    "EUR": [(1, "eur euro euros € 欧元")],
    "GBP": [(1, "gbp £ 英镑")],
    "JPY": [(1, "jpy yen 日元 日圆")],
    "HKD": [(1, "hkd hk$ 港元 港币")],
    "¥": [(1, "¥ ￥")],
}

UNITS: dict[str, Unit] = {
    name: (base, float(factor)) for base, rows in _TABLE.items() for factor, names in rows for name in names.split()
}
"""Every spelling, folded, and what it stands for."""

CASED_UNITS: dict[str, Unit] = {
    "Kb": ("bit", 1e3),
    "Mb": ("bit", 1e6),
    "Gb": ("bit", 1e9),
    "MW": ("W", 1e6),
    "mW": ("W", 1e-3),
    "kV": ("V", 1e3),
    "mV": ("V", 1e-3),
}
"""Spellings whose case matters."""

_POWERS = {
    "十": 1,
    "百": 2,
    "千": 3,
    "万": 4,
    "亿": 8,
    "十万": 5,
    "百万": 6,
    "千万": 7,
    "十亿": 9,
    "百亿": 10,
    "千亿": 11,
    "万亿": 12,
}
MULTIPLIERS: dict[str, float] = {name: 10.0**power for name, power in _POWERS.items()} | {
    "萬": 1e4,
    "億": 1e8,
    "dozen": 12.0,
    "hundred": 1e2,
    "thousand": 1e3,
    "million": 1e6,
    "billion": 1e9,
    "trillion": 1e12,
}
"""Words after a number that multiply it."""
TOUCHING_MULTIPLIERS: dict[str, float] = {"k": 1e3, "m": 1e6, "mn": 1e6, "b": 1e9, "bn": 1e9, "tn": 1e12}
"""Letters that multiply the number they touch (`$5bn`, `10k`)."""

MEASURE_WORDS = frozenset(
    "个個名位人座次种項项家所条條件只隻本册张張辆輛架艘台臺部场場届屆期章节節层層级級倍处處口户戶门門轮輪局队隊枚颗顆片组組批份篇首"
)
"""Chinese words of counting: a single numeral before one is a number."""
