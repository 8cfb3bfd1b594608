"""What a conversation may have been about: an administrative procedure, or a digital theme.

The ten subjects are those of Aidants Connect (and of service-public), so that what is counted here
can stand beside what is counted there; under each a few precise procedures. The digital themes are
those of the reports of La Coop de la médiation numérique.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from itertools import groupby
from types import MappingProxyType
from typing import Final


class Topic(StrEnum):
    """What matters are grouped under."""

    PAPERS = "topic.papers"
    FAMILY = "topic.family"
    WELFARE = "topic.welfare"
    WORK = "topic.work"
    HOUSING = "topic.housing"
    TRANSPORT = "topic.transport"
    MONEY = "topic.money"
    JUSTICE = "topic.justice"
    ABROAD = "topic.abroad"
    LEISURE = "topic.leisure"
    DIGITAL = "topic.digital"


class Matter(StrEnum):
    """One thing that people need; its name begins with that of its topic. A key of the catalogue
    ``dispositions``.
    """

    PAPERS_IDENTITY = "papers.identity"
    PAPERS_CIVIL_STATUS = "papers.civil_status"
    PAPERS_VOTE = "papers.vote"
    PAPERS_OTHER = "papers.other"
    FAMILY_BENEFITS = "family.benefits"
    FAMILY_BIRTH = "family.birth"
    FAMILY_SCHOOL = "family.school"
    FAMILY_COUPLE = "family.couple"
    FAMILY_OTHER = "family.other"
    WELFARE_HEALTH_COVER = "welfare.health_cover"
    WELFARE_MINIMUM_INCOME = "welfare.minimum_income"
    WELFARE_PENSION = "welfare.pension"
    WELFARE_DISABILITY = "welfare.disability"
    WELFARE_OTHER = "welfare.other"
    WORK_JOBSEEKER = "work.jobseeker"
    WORK_SEARCH = "work.search"
    WORK_TRAINING = "work.training"
    WORK_OTHER = "work.other"
    HOUSING_BENEFITS = "housing.benefits"
    HOUSING_SOCIAL = "housing.social"
    HOUSING_ENERGY = "housing.energy"
    HOUSING_OTHER = "housing.other"
    TRANSPORT_LICENCE = "transport.licence"
    TRANSPORT_REGISTRATION = "transport.registration"
    TRANSPORT_TRAVEL = "transport.travel"
    TRANSPORT_OTHER = "transport.other"
    MONEY_TAXES = "money.taxes"
    MONEY_BANK = "money.bank"
    MONEY_DEBT = "money.debt"
    MONEY_DISPUTE = "money.dispute"
    MONEY_OTHER = "money.other"
    JUSTICE_LEGAL_AID = "justice.legal_aid"
    JUSTICE_COMPLAINT = "justice.complaint"
    JUSTICE_FINE = "justice.fine"
    JUSTICE_OTHER = "justice.other"
    ABROAD_RESIDENCE = "abroad.residence"
    ABROAD_NATIONALITY = "abroad.nationality"
    ABROAD_VISA = "abroad.visa"
    ABROAD_OTHER = "abroad.other"
    LEISURE_ASSOCIATIONS = "leisure.associations"
    LEISURE_HOLIDAYS = "leisure.holidays"
    LEISURE_PERMITS = "leisure.permits"
    LEISURE_OTHER = "leisure.other"
    DIGITAL_DEVICE = "digital.device"
    DIGITAL_REPAIR = "digital.repair"
    DIGITAL_FILES = "digital.files"
    DIGITAL_INTERNET = "digital.internet"
    DIGITAL_MAIL = "digital.mail"
    DIGITAL_OFFICE = "digital.office"
    DIGITAL_SOCIAL = "digital.social"
    DIGITAL_HEALTH = "digital.health"
    DIGITAL_SHOPPING = "digital.shopping"
    DIGITAL_BUSINESS = "digital.business"
    DIGITAL_JOB = "digital.job"
    DIGITAL_SECURITY = "digital.security"
    DIGITAL_PARENTS = "digital.parents"
    DIGITAL_SCHOOL = "digital.school"
    DIGITAL_CREATION = "digital.creation"
    DIGITAL_CULTURE = "digital.culture"
    DIGITAL_ASSISTANTS = "digital.assistants"
    DIGITAL_OTHER = "digital.other"

    @property
    def topic(self) -> Topic:
        """What it is grouped under."""
        return Topic("topic." + self.partition(".")[0])


BY_TOPIC: Final[Mapping[Topic, Sequence[Matter]]] = MappingProxyType(
    {topic: tuple(matters) for topic, matters in groupby(Matter, key=lambda each: each.topic)}
)
"""Every matter, in the order in which they are offered."""
