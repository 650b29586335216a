"""The widget as a visitor handles it."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import Frame, Locator, Page

QUESTION = "How does OFAC's 50 percent rule work?"
ANSWERED = "inquiry-desk-answer:last-child inquiry-desk-feedback"


@dataclass(frozen=True)
class Widget:
    """The widget on a page; every part is found by what it is to a visitor."""

    page: Page | Frame

    @property
    def launch(self) -> Locator:
        return self.page.locator("inquiry-desk .launch")

    @property
    def panel(self) -> Locator:
        return self.page.locator("inquiry-desk .panel")

    @property
    def field(self) -> Locator:
        return self.page.locator("inquiry-desk-composer textarea")

    @property
    def answers(self) -> Locator:
        return self.page.locator("inquiry-desk-answer")

    @property
    def quotes(self) -> Locator:
        return self.page.locator("inquiry-desk-answer:last-child inquiry-desk-quote")

    @property
    def form(self) -> Locator:
        return self.page.locator("inquiry-desk-letter form")

    def open(self) -> None:
        """Opens it and waits for the first frame."""
        self.launch.click()
        self.page.locator("inquiry-desk-welcome").wait_for()

    def send(self, question: str) -> None:
        """Sends a question."""
        self.field.fill(question)
        self.field.press("Enter")

    def ask(self, question: str = QUESTION) -> None:
        """Asks, and waits for the whole answer."""
        before = self.page.locator("inquiry-desk-feedback").count()
        self.send(question)
        self.page.locator("inquiry-desk-feedback").nth(before).wait_for()

    def write(self) -> None:
        """Opens the form to write to a person by."""
        self.page.locator("inquiry-desk-card .button").last.click()
        self.form.wait_for()
