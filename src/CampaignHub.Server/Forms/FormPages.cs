using CampaignHub.Core.Forms;
using CampaignHub.Core.Pages;
using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform.Http;
using NodaTime;

namespace CampaignHub.Server.Forms;

/// <summary>What somebody has written into a form, and what is wrong with it; all null: it is shown for the first time.</summary>
internal sealed record FormEntries(string? Email = null, string? FirstName = null, string? LastName = null)
{
    /// <summary>What is wrong, by the field's name; under "" what is wrong with the whole.</summary>
    public IReadOnlyDictionary<string, string> Faults { get; init; } = new Dictionary<string, string>();
}

/// <summary>The pages of subscribe forms, in their reader's language. Title and wording are the tenant's own words, in whatever language.</summary>
internal static class FormPages
{
    /// <summary>A field that people don't see: what fills it in is a program.</summary>
    public const string Trap = "website";

    public const string Stamp = "stamp";

    public static PublicPage Ask(PageLanguage language, Form form, string stamp, FormEntries entries)
    {
        var words = PageWords.Of(language);
        var fields = string.Concat(
            Field(words, entries, "email", words.EmailLabel, entries.Email, """type="email" maxlength="254" autocomplete="email" required"""),
            form.Fields.Contains("first_name") ? Field(words, entries, "first_name", words.FirstNameLabel, entries.FirstName, """maxlength="200" autocomplete="given-name" """) : "",
            form.Fields.Contains("last_name") ? Field(words, entries, "last_name", words.LastNameLabel, entries.LastName, """maxlength="200" autocomplete="family-name" """) : "");
        return new PublicPage(language, form.Title, $"""
            <p dir="auto">{PublicPage.Text(form.Wording)}</p>
            {Fault(entries, "")}<form method="post" action="/s/{form.FormId}">
            {fields}<div class="unseen" aria-hidden="true"><label>{PublicPage.Text(words.LeaveEmpty)}<input name="{Trap}" tabindex="-1" autocomplete="off"></label></div>
            <input type="hidden" name="{Stamp}" value="{stamp}">
            <button type="submit">{PublicPage.Text(words.SubscribeButton)}</button>
            </form>
            """)
        { MayBeFramed = true };
    }

    public static string StampOf(KeyRing ring, Guid tenantId, Guid formId, Instant now) =>
        FormStamp.Write(ring.Derive(tenantId, KeyPurpose.FormStamp, FormStamp.KeyBytes), formId, now);

    /// <summary>The same for everybody, so that nobody learns who is subscribed.</summary>
    public static PublicPage CheckMail(PageLanguage language)
    {
        var words = PageWords.Of(language);
        return new PublicPage(language, words.CheckMailHeading, $"<p>{PublicPage.Text(words.CheckMailText)}</p>") { MayBeFramed = true };
    }

    public static PublicPage Confirm(Form form, FormConfirmation asked)
    {
        var words = PageWords.Of(asked.PageLanguage);
        return new PublicPage(asked.PageLanguage, words.ConfirmHeading, $"""
            <p>{Said(words.ConfirmText, form, asked)}</p>
            <p dir="auto">{PublicPage.Text(asked.Wording)}</p>
            <form method="post"><button type="submit">{PublicPage.Text(words.ConfirmButton)}</button></form>
            """);
    }

    public static PublicPage Confirmed(Form form, FormConfirmation asked)
    {
        var words = PageWords.Of(asked.PageLanguage);
        return new PublicPage(asked.PageLanguage, words.ConfirmedHeading, $"<p>{Said(words.ConfirmedText, form, asked)}</p>");
    }

    /// <param name="language">What it speaks.</param>
    /// <param name="form">The form where they can ask for another link; null where it is gone.</param>
    public static PublicPage Expired(PageLanguage language, Form? form)
    {
        var words = PageWords.Of(language);
        return new PublicPage(language, words.ExpiredHeading, form is { Enabled: true }
            ? $"""<p>{PublicPage.Text(words.ExpiredText)}</p><p><a href="/s/{form.FormId}">{PublicPage.Text(words.ToTheForm)}</a></p>""" : "");
    }

    private static string Field(PageWords words, FormEntries entries, string name, string label, string? value, string attributes)
    {
        var optional = name == "email" ? "" : $" <small>({PublicPage.Text(words.Optional)})</small>";
        return $"""<label>{PublicPage.Text(label)}{optional}<input name="{name}" value="{PublicPage.Text(value ?? "")}" {attributes}></label>{Fault(entries, name)}{'\n'}""";
    }

    private static string Fault(FormEntries entries, string field) =>
        entries.Faults.TryGetValue(field, out var fault) ? $"""<p class="fault" role="alert">{PublicPage.Text(fault)}</p>{'\n'}""" : "";

    private static string Said(string sentence, Form form, FormConfirmation asked) =>
        PublicPage.Text(PageWords.With(sentence, ("sender", form.Sender), ("address", asked.Email)));
}
