"""Inquiry Desk: answers inquiries with verbatim, cited quotes and brings each to the right desk."""

__version__ = "0.1.0"
