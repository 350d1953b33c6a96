import pytest

from model_backend.embedded.conversion import conversion


@pytest.mark.parametrize(
    ("asked", "measure", "converted"),
    [
        ("convert 100 cm to m", "100 cm", "1 m"),
        ("64 GB in MB", "64 GB", "64,000 MB"),
        ("64 GiB 是多少 MiB", "64 GiB", "65,536 MiB"),
        ("What is 5 miles in km?", "5 miles", "8.04672 km"),
        ("how many minutes are in 3 hours?", "3 hours", "180 minutes"),
        ("How many feet in a mile", "1 mile", "5,280 feet"),
        ("two kilograms in pounds", "2 kilograms", "4.409245 pounds"),
        ("what is 98.6 fahrenheit in celsius", "98.6 fahrenheit", "37 celsius"),
        ("25 °C in °F", "25 °C", "77 °F"),
        ("1,000 metres in km", "1000 metres", "1 km"),
        ("1 tonne in kg", "1 tonne", "1,000 kg"),
        ("1.5 l in ml", "1.5 l", "1,500 ml"),
        ("100厘米是多少米", "100厘米", "1米"),
        ("一英里等于多少公里？", "1英里", "1.609344公里"),
        ("把30摄氏度换算成华氏度", "30摄氏度", "86华氏度"),
        ("3小时是多少分钟", "3小时", "180分钟"),
    ],
)
def test_measures_are_converted_by_definition(asked: str, measure: str, converted: str) -> None:
    assert conversion(asked) == (measure, converted)


@pytest.mark.parametrize(
    "asked",
    [
        "10 pounds in dollars",
        "5 kg in m",
        "how many days in a year",
        "how many miles is the Great Wall",
        "what is the boiling point of water in fahrenheit?",
        "how tall is 2 m Peter in feet",
        "1斤黄金多少钱",
        "",
        "5 miles in km and what is a mile?",
    ],
)
def test_whatever_needs_more_than_a_definition_is_none(asked: str) -> None:
    assert conversion(asked) is None
