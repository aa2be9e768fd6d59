using CampaignHub.Core;
using CampaignHub.Core.Audience;
using CampaignHub.Server.Audience;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;
using CampaignHub.Server.Platform.Json;
using FluentValidation;
using NodaTime;

namespace CampaignHub.Server.Forms;

/// <summary>Whom the confirming mails of a form are from.</summary>
/// <param name="Name">Shown beside the address, and on the form's pages: at most 200 characters. Null: none.</param>
/// <param name="Email">The address; in Production on a verified sending domain of yours, unless the operator says otherwise.</param>
public sealed record FormSender(string? Name, string? Email);

/// <summary>Fields of a form; an absent one stays as it is, in a new form at its default.</summary>
public class FormChange
{
    public const int DefaultConfirmWithinHours = 168;
    public const int DefaultRemindAfterHours = 48;

    private const int MostLists = 20;

    /// <summary>What a form may ask for besides the address.</summary>
    internal static readonly string[] KnownFields = ["first_name", "last_name"];

    /// <summary>A name for people: 1 to 200 characters.</summary>
    /// <example>Footer of the shop</example>
    public Optional<string> Name { get; set; }

    /// <summary>The heading of the page: 1 to 200 characters, in whatever language the form speaks to its readers.</summary>
    /// <example>Our letter</example>
    public Optional<string> Title { get; set; }

    /// <summary>
    /// What people agree to, as it stands on the form and in the confirming mail, and is kept with each consent: 1 to 2,000 characters.
    /// </summary>
    /// <example>Lark &amp; Loom may write to me about new collections, at most twice a month.</example>
    public Optional<string> Wording { get; set; }

    /// <summary>The lists that people are put on once they have confirmed: 1 to 20.</summary>
    public Optional<Guid[]> ListIds { get; set; }

    /// <summary>What the form asks for besides the address, which nobody has to answer: <c>first_name</c>, <c>last_name</c>. None unless given.</summary>
    /// <example>["first_name"]</example>
    public Optional<string[]> Fields { get; set; }

    /// <summary>Whom the confirming mails are from.</summary>
    public Optional<FormSender> From { get; set; }

    /// <summary>Where answers to them go; null: to <c>from</c>.</summary>
    public Optional<string> ReplyTo { get; set; }

    /// <summary>For how many hours a link confirms: 1 to 720, 168 unless given.</summary>
    public Optional<int> ConfirmWithinHours { get; set; }

    /// <summary>After how many hours somebody who hasn't confirmed is reminded, once: 1 to 720 and less than <c>confirm_within_hours</c>, 48 unless given; null: never.</summary>
    public Optional<int?> RemindAfterHours { get; set; }

    /// <summary>Where a browser goes once it has confirmed: https, at most 2,000 characters. Null: to a page of ours.</summary>
    public Optional<string> RedirectUrl { get; set; }

    /// <summary>While it is false the form's page is not there, and links that were sent still confirm. True unless given.</summary>
    public Optional<bool> Enabled { get; set; }

    /// <summary>The form with these fields, which <paramref name="errors"/> has to be empty of faults for. Holds the lists until the commit.</summary>
    internal async Task<Form> ApplyToAsync(TenantTransaction transaction, Form before, Instant now, List<FieldError> errors)
    {
        var lists = ListIds.IsSet ? [.. (ListIds.Value ?? []).Distinct()] : before.ListIds;
        var held = await ListStore.HoldAsync(transaction, lists);
        errors.AddRange(lists.Index().Where(list => ListIds.IsSet && !held.Contains(list.Item))
            .Select(list => new FieldError($"list_ids[{list.Index}]", "unknown_list", $"There is no list {list.Item}.")));
        var changed = before with
        {
            Name = Name.Or(before.Name)!.Trim(),
            Title = Title.Or(before.Title)!.Trim(),
            Wording = Wording.Or(before.Wording)!.Trim(),
            ListIds = lists,
            Fields = Fields.IsSet ? [.. KnownFields.Intersect(Fields.Value ?? [])] : before.Fields,
            FromName = From.IsSet ? Line(From.Value?.Name) : before.FromName,
            FromEmail = From.IsSet ? Address("from.email", From.Value?.Email, errors) ?? "" : before.FromEmail,
            ReplyTo = ReplyTo.IsSet ? ReplyTo.Value is null ? null : Address("reply_to", ReplyTo.Value, errors) : before.ReplyTo,
            ConfirmWithinHours = ConfirmWithinHours.IsSet ? ConfirmWithinHours.Value : before.ConfirmWithinHours,
            RemindAfterHours = RemindAfterHours.IsSet ? RemindAfterHours.Value : before.RemindAfterHours,
            RedirectUrl = RedirectUrl.IsSet ? RedirectUrl.Value?.Trim() : before.RedirectUrl,
            Enabled = Enabled.IsSet ? Enabled.Value : before.Enabled,
            UpdatedAt = now,
        };
        if (changed.RemindAfterHours >= changed.ConfirmWithinHours)
            errors.Add(new("remind_after_hours", "out_of_range", $"Nobody is reminded once the link has expired: give less than confirm_within_hours ({changed.ConfirmWithinHours}), or null."));
        return changed;
    }

    private static string? Line(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private static string? Address(string field, string? text, List<FieldError> errors)
    {
        if (EmailAddress.TryParse(text, out var address, out var problem))
            return address.Address;
        errors.Add(new(field, RecipientCodes.InvalidEmail, problem));
        return null;
    }

    internal sealed class Rules : AbstractValidator<FormChange>
    {
        public Rules()
        {
            RuleFor(f => f.Name.Value).NotEmpty().MaximumLength(200).Must(IsLine).When(f => f.Name.IsSet);
            RuleFor(f => f.Title.Value).NotEmpty().MaximumLength(200).Must(IsLine).When(f => f.Title.IsSet);
            RuleFor(f => f.Wording.Value).NotEmpty().MaximumLength(2_000).Must(text => text is null || RecipientFields.IsText(text)).When(f => f.Wording.IsSet);
            RuleFor(f => f.ListIds.Value).NotEmpty().Must(lists => lists is not { Length: > MostLists })
                .WithErrorCode("too_long").WithMessage($"A form names at most {MostLists} lists.").When(f => f.ListIds.IsSet);
            RuleForEach(f => f.Fields.Value).NotNull().OneOf(KnownFields).When(f => f.Fields.Value is not null);
            RuleFor(f => f.From.Value).NotNull().When(f => f.From.IsSet);
            RuleFor(f => f.From.Value!.Name).MaximumLength(200).Must(IsLine).When(f => f.From.Value is not null);
            RuleFor(f => f.From.Value!.Email).NotEmpty().When(f => f.From.Value is not null);
            RuleFor(f => f.ConfirmWithinHours.Value).InclusiveBetween(1, 720).When(f => f.ConfirmWithinHours.IsSet);
            RuleFor(f => f.RemindAfterHours.Value).InclusiveBetween(1, 720).When(f => f.RemindAfterHours.Value is not null);
            RuleFor(f => f.RedirectUrl.Value).MaximumLength(2_000).Must(IsHttps).WithErrorCode("invalid")
                .WithMessage("It begins with https:// and has no user name.").When(f => f.RedirectUrl.Value is not null);
        }

        private static bool IsLine(string? text) => text is null || RecipientFields.IsText(text) && !text.Any(char.IsControl);

        private static bool IsHttps(string? text) => Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme == Uri.UriSchemeHttps && url.UserInfo.Length == 0;
    }
}

/// <summary>A form to make: <c>name</c>, <c>title</c>, <c>wording</c>, <c>list_ids</c> and <c>from</c> are required.</summary>
public sealed class FormDraft : FormChange
{
    internal sealed class DraftRules : AbstractValidator<FormDraft>
    {
        public DraftRules()
        {
            Include(new Rules());
            RuleFor(f => f.Name.Value).NotEmpty().When(f => !f.Name.IsSet);
            RuleFor(f => f.Title.Value).NotEmpty().When(f => !f.Title.IsSet);
            RuleFor(f => f.Wording.Value).NotEmpty().When(f => !f.Wording.IsSet);
            RuleFor(f => f.ListIds.Value).NotEmpty().When(f => !f.ListIds.IsSet);
            RuleFor(f => f.From.Value).NotNull().When(f => !f.From.IsSet);
        }
    }
}
