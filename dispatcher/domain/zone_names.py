"""The IANA time zones of France's territories, where clocks do not show Paris time.

Zones are those of the tz database's ``zone1970.tab``. A département of one zone is named by its
code; in French Polynesia the Marquises and the Gambier have zones of their own.
"""

from __future__ import annotations

PARIS = "Europe/Paris"

ZONE_OF_DEPARTEMENT = {
    "971": "America/Guadeloupe",
    "972": "America/Martinique",
    "973": "America/Cayenne",
    "974": "Indian/Reunion",
    "975": "America/Miquelon",
    "976": "Indian/Mayotte",
    "977": "America/St_Barthelemy",
    "978": "America/Marigot",
    "984": "Indian/Kerguelen",
    "986": "Pacific/Wallis",
    "987": "Pacific/Tahiti",
    "988": "Pacific/Noumea",
    "989": "Etc/GMT+8",
}

ZONE_OF_COMMUNE = {
    "98718": "Pacific/Marquesas",  # Fatu-Hiva
    "98719": "Pacific/Gambier",
    "98723": "Pacific/Marquesas",  # Hiva-Oa
    "98731": "Pacific/Marquesas",  # Nuku-Hiva
    "98746": "Pacific/Marquesas",  # Tahuata
    "98756": "Pacific/Marquesas",  # Ua-Huka
    "98757": "Pacific/Marquesas",  # Ua-Pou
}
