"""Mail templates are read and filled by `engine.mail.templates`; packages' tests look for them here."""

from engine.mail.templates import MailTemplate, MailTemplateError, Written, as_html, parse_template, write

__all__ = ["MailTemplate", "MailTemplateError", "Written", "as_html", "parse_template", "write"]
