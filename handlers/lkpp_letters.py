"""The letters of inpassing LKPP as the book of letters knows them: what each is called, how it is numbered."""

from typing import Any

from sqlalchemy import Row

from engine.letters.book import Order, issue
from engine.registry import HandlerContext
from handlers.inpassing import instansi_of, parameter
from models import Instansi

OFFICE = "lkpp"
CERTIFICATES, RESULT_LISTS, RECOMMENDATIONS = "lkpp_certificate", "lkpp_result_list", "lkpp_recommendation"
"""Series of numbers, each counted for itself."""
RESULT_LIST_PATTERN = "result_list_pattern"


def certificate_order(context: HandlerContext, participant: Row[Any], number: str | None = None) -> Order:
    """`number`: of a certificate from before there was a book."""
    return Order(
        key=f"{CERTIFICATES}:{participant.id}",
        instance_id=context.instance_id,
        office=OFFICE,
        kind="sertifikat_kompetensi",
        subject="Sertifikat Kompetensi",
        pattern=str(parameter(context, "certificate_pattern")),
        holder=participant.name,
        series=CERTIFICATES,
        number=number,
    )


def result_list_order(context: HandlerContext, schedule: str) -> Order:
    """*Hasil Ujian* of the case's schedule, by its name."""
    return Order(
        key=f"{RESULT_LISTS}:{context.instance_id}",
        instance_id=context.instance_id,
        office=OFFICE,
        kind="hasil_ujian",
        subject=f"Hasil Ujian {schedule}",
        pattern=str(parameter(context, RESULT_LIST_PATTERN)),
        series=RESULT_LISTS,
    )


def recommendation_order(context: HandlerContext, number: str | None = None) -> Order:
    """`number`: of a recommendation from before there was a book."""
    agency = context.unit.session.get_one(Instansi, instansi_of(context))
    return Order(
        key=f"{RECOMMENDATIONS}:{context.instance_id}",
        instance_id=context.instance_id,
        office=OFFICE,
        kind="rekomendasi_pengangkatan",
        subject="Rekomendasi Pengangkatan dalam Jabatan Fungsional Pengelola Pengadaan Barang/Jasa",
        pattern=str(parameter(context, "recommendation_pattern")),
        addressee=agency.name,
        series=RECOMMENDATIONS,
        number=number,
    )


def number_result_list(context: HandlerContext, schedule: str) -> None:
    """With the act that ends the schedule, so that the list can be set before anything is locked."""
    if RESULT_LIST_PATTERN in context.parameters:
        issue(context.unit, result_list_order(context, schedule), context.now)
