"""A file of regulars, as a supervisor writes it."""

from dataclasses import dataclass

HEADER = "telephone,first_name,commune,need,purpose,agent,every_days,until,consent,consented_on\n"


@dataclass(frozen=True)
class Habit:
    """One row. Rose asked seven weeks ago to be rung each month, for half a year."""

    telephone: str = "+33199000001"
    first_name: str = "Rose"
    commune: str = "05096"
    need: str = "mediation"
    purpose: str = "learning"
    agent: str = "malo@exemple.test"
    every_days: str = "30"
    until: str = "2027-05-31"
    consent: str = "telephone"
    consented_on: str = "2026-10-06"

    @property
    def row(self) -> str:
        return ",".join(
            [
                *(self.telephone, self.first_name, self.commune, self.need, self.purpose),
                *(self.agent, self.every_days, self.until, self.consent, self.consented_on),
            ]
        )


def sheet(*habits: Habit) -> str:
    return HEADER + "\n".join(each.row for each in habits)
