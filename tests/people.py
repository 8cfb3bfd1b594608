"""The cast that every test shares. Their numbers come from the ranges reserved for fiction."""

from dataclasses import dataclass

LINE = "+33199000100"


@dataclass(frozen=True)
class Citizen:
    name: str
    number: str
    postal_code: str


@dataclass(frozen=True)
class Helper:
    """An agent as the directory's file has them."""

    name: str
    number: str
    structure: str
    skills: str = "procedures:2 mediation:1"
    zones: str = ""
    slots: str = "mon-sun 00:00-24:00"
    pin: str = "4321"
    status: str = "employed"
    automatic: str = "yes"

    @property
    def email(self) -> str:
        return f"{self.name.lower()}@exemple.test"

    @property
    def row(self) -> str:
        cells = [self.email, self.name, self.structure, self.number, self.pin, self.skills]
        return ",".join([*cells, self.zones, self.status, "fr", self.slots, self.automatic])


# Orcières, Vars and Brest each have a postal code of their own; Gap shares its with nine others.
ROSE = Citizen("Rose", "+33199000001", "05170")
PAUL = Citizen("Paul", "+33199000002", "05560")
LEON = Citizen("Léon", "+33199000003", "29200")
GINA = Citizen("Gina", "+33199000004", "05000")
MASKED = Citizen("Masqué", "anonymous", "05170")

STRUCTURES = """id,name,commune,zones,telephone
orcieres,France services d'Orcières,05096,,
guillestre,France services de Guillestre,05065,,
gap,France services de Gap,05061,,
brest,France services de Brest,29019,,
"""
AGENTS_HEADER = "email,name,structure,telephone,pin,skills,zones,status,languages,slots,automatic\n"

INES = Helper("Ines", "+33465710001", "orcieres")
MALO = Helper("Malo", "+33465710002", "gap")
YANN = Helper("Yann", "+33261910003", "brest")
ZOE = Helper("Zoe", "+33465710004", "orcieres", skills="procedures:1")
NOE = Helper("Noe", "+33465710005", "orcieres", skills="mediation:2")
MONA = Helper("Mona", "+33639980001", "orcieres")
GUY = Helper("Guy", "+33465710006", "guillestre")
