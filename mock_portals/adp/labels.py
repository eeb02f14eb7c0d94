"""Every word that the ADP mock shows, and its date format, in one table a variant."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

MODERN: Mapping[str, str] = {
    "app_name": "Workforce Now",
    "made_up": "Mock portal for rehearsals. All people are made up.",
    "legal": "Privacy | Terms | Accessibility",
    # sign-in
    "sign_in_title": "Welcome",
    "sign_in_lead": "Sign in to Workforce Now",
    "user_id": "User ID",
    "password": "Password",
    "remember_user_id": "Remember user ID",
    "next": "Next",
    "sign_in": "Sign in",
    "forgot_user_id": "Forgot your user ID?",
    "forgot_password": "Forgot your password?",
    "signing_in_as": "Signing in as",
    "incorrect": "The user ID or password you entered is incorrect.",
    "locked": "Your account is locked. Contact your administrator to unlock it.",
    "kicked": "You have been signed out because your account was signed in elsewhere.",
    "expired": "Your session has timed out. Please sign in again.",
    "verify_title": "Verify Your Identity",
    "verify_lead": "We do not recognize this device. Choose how to receive a one-time passcode.",
    "send_text": "Send me a text message",
    "passcode_sent": "We sent a passcode to the number that ends in 42. It is valid for 10 minutes.",
    "passcode": "Passcode",
    "submit": "Submit",
    "passcode_incorrect": "The passcode you entered is incorrect.",
    "remind_title": "Verify your mobile number",
    "remind_lead": "Keep your contact information current, so that we can help you when you need it.",
    "remind_later": "Remind me later",
    "verify_now": "Verify now",
    # shell
    "main_nav": "Main",
    "home": "Home",
    "resources": "Resources",
    "myself": "Myself",
    "my_team": "My Team",
    "people": "People",
    "process": "Process",
    "reports": "Reports",
    "setup": "Setup",
    "shell_search": "Search",
    "menu_employees": "Employees",
    "menu_employees_group": "Manage people",
    "sign_out": "Sign out",
    "welcome": "Welcome, {name}",
    "home_lead": "Here is what needs your attention.",
    "home_todo": "Things to do",
    "home_team": "Team at a glance",
    "home_news": "Announcements",
    "home_calendar": "Upcoming",
    "not_in_mock": "This page is not a part of the mock.",
    "notifications": "Notifications",
    "dismiss": "Dismiss",
    # people list
    "employees": "Employees",
    "search_employees": "Search employees",
    "search_hint": "Last name or employee ID",
    "status_is": "Status is {statuses}",
    "status_any": "any",
    "status": "Status",
    "status_active": "Active",
    "status_terminated": "Terminated",
    "status_leave": "Leave of absence",
    "go_to_profile": "Go to the profile page for {name}",
    "name": "Name",
    "employee_id": "Employee ID",
    "position_id": "Position ID",
    "job_title": "Job Title",
    "site": "Site",
    "no_entries": "There are no entries",
    "results": "{count} results",
    "result_one": "{count} result",
    "results_for": '{count} results for "{query}"',
    "result_one_for": '{count} result for "{query}"',
    "loading": "Loading...",
    # record
    "employee_summary": "Employee summary",
    "reports_to": "Reports To",
    "personal_information": "Personal Information",
    "custom_fields": "Custom Fields",
    "position": "Position",
    "edit": "Edit",
    "back_to_employees": "Back to list",
    "first_name": "First Name",
    "last_name": "Last Name",
    "associate_oid": "Associate OID",
    "shirt_size": "T-shirt Size",
    "parking_permit": "Parking Permit",
    "esp_start_date": "ESP Start Date",
    "esp_end_date": "ESP End Date",
    "training_graduation_date": "Training Graduation Date",
    "uptraining_class": "Uptraining Class",
    "campaign": "Campaign",
    "home_department": "Home Department",
    "home_department_effective": "Home Department Effective",
    "none_marked": "–",  # noqa: RUF001 (the portal shows an en dash for an empty value)
    # panels
    "effective_date": "Effective Date",
    "done": "Done",
    "cancel": "Cancel",
    "close": "Close",
    "close_panel": "Close panel",
    "about_change": "About this change",
    "about_change_lead": "Changes take effect when you save them. Current values are replaced by the new "
    "values on this page, and the change is added to the history of this employee.",
    "new_values": "New values",
    "change_summary": "Change summary",
    "no_changes": "No changes yet",
    "open_calendar": "Open calendar for {label}",
    "calendar": "Calendar",
    "previous_month": "Previous month",
    "next_month": "Next month",
    "calendar_day": "{month} {day}, {year}",
    "calendar_month": "{month} {year}",
    "months": "January,February,March,April,May,June,July,August,September,October,November,December",
    "weekdays": "Su,Mo,Tu,We,Th,Fr,Sa",
    "clear": "Clear {label}",
    "select_placeholder": "Select...",
    "no_options": "No options",
    "inactive": "{label} (inactive)",
    "unsaved_title": "Continue without saving?",
    "unsaved_lead": "Your changes have not been saved and will be lost.",
    "unsaved_back": "No, go back",
    "confirm_title": "Confirm changes",
    "confirm_lead": "You are about to change the employment record of {name}. Review the new values before "
    "you continue.",
    "confirm_back": "Go back",
    "saved": "Your changes have been saved.",
    "submitted": "Your changes have been submitted for approval.",
    "not_authorized": "You are not authorized to make this change.",
    "went_wrong": "Something went wrong. Please try again later.",
    "try_again": "Try again",
    "not_available": "This record is not available.",
    "required": "{label} is required.",
    "end_before_start": "{end} must be greater than or equal to {start}.",
    "not_a_department": "{label}: select an active entry from the list.",
    "not_valid": "{label} is not valid.",
    # interruptions
    "tour_title": "Guided tour",
    "tour_lead": "People pages have a new look. Take two minutes to see what has changed.",
    "tour_start": "Show me",
    "survey_title": "Tell us what you think",
    "survey_lead": "How likely are you to recommend this page to a colleague?",
    "survey_sure": "Are you sure? Your opinion matters.",
    "timeout_title": "Session timeout",
    "timeout_lead": "Your session is about to be timed out. "
    "Click OK now to continue working, or Cancel to sign out.",
    "ok": "OK",
    "timeout_cancel": "Cancel",
    "sorry_title": "Sorry, we are unable to process your request.",
    "sorry_lead": "The site is undergoing maintenance or is experiencing a high volume of traffic. Please "
    "try again later.",
}

RENAMED: Mapping[str, str] = {
    **MODERN,
    "people": "Workforce",
    "menu_employees": "Team Members",
    "menu_employees_group": "Manage workforce",
    "employees": "Team Members",
    "search_employees": "Search team members",
    "status_is": "Worker status: {statuses}",
    "status": "Worker status",
    "employee_id": "Associate ID",
    "employee_summary": "Associate summary",
    "custom_fields": "Additional Information",
    "position": "Work Assignment",
    "edit": "Change",
    "esp_start_date": "Onboarding Start",
    "esp_end_date": "Onboarding End",
    "training_graduation_date": "Graduation Day",
    "uptraining_class": "Uptraining Group",
    "home_department": "Home Org Unit",
    "home_department_effective": "Home Org Unit Since",
    "effective_date": "Valid From",
    "done": "Save",
    "cancel": "Discard",
    "calendar_day": "{day} {month} {year}",
    "saved": "The changes were stored.",
    "submitted": "The changes were sent for approval.",
    "confirm_title": "Please confirm",
    "go_to_profile": "Open the profile of {name}",
}


CLASSIC: Mapping[str, str] = {
    **MODERN,
    "employees": "Employee List",
    "menu_employees": "Employment Profile",
    "search_employees": "Search by",
    "welcome": "Good day, {name}",
    "employee_id": "File Number",
    "custom_fields": "Employment Custom Fields",
    "personal_information": "Personal Profile",
    "esp_start_date": "ESP Start",
    "esp_end_date": "ESP End",
    "training_graduation_date": "Training Graduation",
    "uptraining_class": "Uptraining Class Code",
    "home_department": "Home Cost Number",
    "saved": "Record saved.",
    "submitted": "Record submitted for approval.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """One edition of the mock: its words, its markup, its date format and how strict it is."""

    words: Mapping[str, str]
    in_frame: bool = False
    date_format: str = "MM/DD/YYYY"
    always_step_up: bool = False
    always_approval: bool = False
    always_confirm: bool = False

    def say(self, key: str, **values: str) -> str:
        return self.words[key].format(**values)

    def show_date(self, day: date) -> str:
        parts = {"MM": f"{day:%m}", "DD": f"{day:%d}", "YYYY": f"{day.year:04}"}
        shown = self.date_format
        for mark, text in parts.items():
            shown = shown.replace(mark, text)
        return shown


VARIANTS: Mapping[str, Variant] = {
    "modern": Variant(words=MODERN),
    "renamed": Variant(words=RENAMED, date_format="DD.MM.YYYY"),
    "classic": Variant(words=CLASSIC, in_frame=True),
    "strict": Variant(words=MODERN, always_step_up=True, always_approval=True, always_confirm=True),
}


def variant_named(name: str) -> Variant:
    """The variant of that name, or an error that names those that exist."""
    if name not in VARIANTS:
        raise ValueError(f"unknown variant {name!r}: choose one of {', '.join(VARIANTS)}")
    return VARIANTS[name]
