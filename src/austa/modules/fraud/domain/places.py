"""How far two providers are from each other."""

from math import asin, cos, radians, sin, sqrt
from types import MappingProxyType

from austa.modules.fraud.api import Place

EARTH_RADIUS_KM = 6371.0

CAPITALS = MappingProxyType(
    {
        "AC": (-9.97, -67.81),
        "AL": (-9.67, -35.74),
        "AM": (-3.12, -60.02),
        "AP": (0.04, -51.07),
        "BA": (-12.97, -38.50),
        "CE": (-3.73, -38.52),
        "DF": (-15.79, -47.88),
        "ES": (-20.32, -40.34),
        "GO": (-16.68, -49.25),
        "MA": (-2.53, -44.30),
        "MG": (-19.92, -43.94),
        "MS": (-20.44, -54.65),
        "MT": (-15.60, -56.10),
        "PA": (-1.46, -48.50),
        "PB": (-7.12, -34.86),
        "PE": (-8.05, -34.88),
        "PI": (-5.09, -42.80),
        "PR": (-25.43, -49.27),
        "RJ": (-22.91, -43.17),
        "RN": (-5.79, -35.21),
        "RO": (-8.76, -63.90),
        "RR": (2.82, -60.67),
        "RS": (-30.03, -51.23),
        "SC": (-27.60, -48.55),
        "SE": (-10.91, -37.07),
        "SP": (-23.55, -46.63),
        "TO": (-10.18, -48.33),
    }
)
"""Latitude and longitude of the state capitals, in degrees (IBGE, rounded)."""

_BORDERS = (
    "AC-AM AC-RO AL-BA AL-PE AL-SE AM-MT AM-PA AM-RO AM-RR AP-PA BA-ES BA-GO BA-MG BA-PE BA-PI BA-SE BA-TO CE-PB CE-PE "
    "CE-PI CE-RN DF-GO DF-MG ES-MG ES-RJ GO-MG GO-MS GO-MT GO-TO MA-PA MA-PI MA-TO MG-MS MG-RJ MG-SP MS-MT MS-PR "
    "MS-SP MT-PA MT-RO MT-TO PA-RR PA-TO PB-PE PB-RN PE-PI PI-TO PR-SC PR-SP RJ-SP RS-SC"
)
BORDERS = frozenset(frozenset(pair.split("-")) for pair in _BORDERS.split())
"""States that touch: Petrolina and Juazeiro are one town in two of them."""


def km_between(one: Place | None, other: Place | None, rough_km: int) -> float | None:
    """Great-circle distance of two places whose coordinates are known. Without them the states' capitals stand in, but
    only where the states do not touch and their capitals are `rough_km` apart: else None, for a border town must not
    look like a journey."""
    if one is None or other is None or one.provider_id == other.provider_id:
        return None
    exact = _coordinates(one), _coordinates(other)
    if exact[0] and exact[1]:
        return _great_circle(exact[0], exact[1])
    capitals = CAPITALS.get(one.state), CAPITALS.get(other.state)
    if not (capitals[0] and capitals[1]) or frozenset((one.state, other.state)) in BORDERS:
        return None
    rough = _great_circle(capitals[0], capitals[1])
    return rough if rough > rough_km else None


def _coordinates(place: Place) -> tuple[float, float] | None:
    if place.latitude_e6 is None or place.longitude_e6 is None:
        return None
    return place.latitude_e6 / 1e6, place.longitude_e6 / 1e6


def _great_circle(one: tuple[float, float], other: tuple[float, float]) -> float:
    lat1, lon1, lat2, lon2 = (radians(degrees) for degrees in (*one, *other))
    h = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * asin(sqrt(h))
