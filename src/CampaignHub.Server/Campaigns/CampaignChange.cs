using System.Text.Json;
using CampaignHub.Core;
using CampaignHub.Core.Audience;
using CampaignHub.Core.Scheduling;
using CampaignHub.Server.Platform.Http;
using CampaignHub.Server.Platform.Json;
using FluentValidation;

namespace CampaignHub.Server.Campaigns;

/// <summary>Fields of a campaign; an absent one stays as it is, in a new campaign unset or at its default.</summary>
public class CampaignChange
{
    /// <summary>A name for people: 1 to 200 characters. Templates see it as <c>campaign.name</c>.</summary>
    /// <example>Black Friday</example>
    public Optional<string> Name { get; set; }

    /// <summary>The subject: Liquid, one line of at most 998 characters; null: the template's.</summary>
    /// <example>{{ recipient.first_name | default: 'Hello' }}, 30% off</example>
    public Optional<string> Subject { get; set; }

    /// <summary>Who it is from.</summary>
    public Optional<Sender> From { get; set; }

    /// <summary>Where replies go; null: to the sender.</summary>
    /// <example>hi@shop.example</example>
    public Optional<string> ReplyTo { get; set; }

    /// <summary>The HTML part: Liquid, at most 500,000 characters; not together with <c>template_id</c>.</summary>
    /// <example>&lt;p&gt;Hello {{ recipient.first_name }}&lt;/p&gt;</example>
    public Optional<string> Html { get; set; }

    /// <summary>The text part: Liquid, at most 500,000 characters; null: made from the HTML. Not together with <c>template_id</c>.</summary>
    public Optional<string> Text { get; set; }

    /// <summary>The template that gives HTML and text, and the subject where the campaign has none.</summary>
    public Optional<Guid?> TemplateId { get; set; }

    /// <summary>Who is to get it.</summary>
    public Optional<Audience> Audience { get; set; }

    /// <summary>When it is to be sent.</summary>
    public Optional<ScheduleInput> Schedule { get; set; }

    /// <summary>What is counted; opens and clicks unless given.</summary>
    public Optional<Tracking> Tracking { get; set; }

    /// <summary><c>resend</c> (the default) or <c>hold</c>: what follows where it can't be known whether a message was accepted.</summary>
    public Optional<string> WhenUncertain { get; set; }

    /// <summary>The campaign with these fields; each fault adds an error.</summary>
    internal Campaign ApplyTo(Campaign campaign, List<FieldError> errors)
    {
        var tracking = Tracking.IsSet ? Tracking.Value ?? new() : new Tracking { Opens = campaign.TrackOpens, Clicks = campaign.TrackClicks, Honeypot = campaign.TrackHoneypot };
        var changed = campaign with
        {
            Name = Name.Or(campaign.Name)!.Trim(),
            Subject = Subject.Or(campaign.Subject),
            ReplyTo = ReplyTo.IsSet ? Address("reply_to", ReplyTo.Value, errors) : campaign.ReplyTo,
            Html = Html.Or(campaign.Html),
            Text = Text.Or(campaign.Text),
            TemplateId = TemplateId.Or(campaign.TemplateId),
            AudienceJson = Audience.IsSet ? Json(ReadAudience(errors)) : campaign.AudienceJson,
            ScheduleJson = Schedule.IsSet ? ReadSchedule(errors) : campaign.ScheduleJson,
            TrackOpens = tracking.Opens,
            TrackClicks = tracking.Clicks,
            TrackHoneypot = tracking.Honeypot,
            WhenUncertain = WhenUncertain.Or(campaign.WhenUncertain)!,
        };
        if (changed.TemplateId is not null && (changed.Html is not null || changed.Text is not null))
            errors.Add(new("template_id", "exclusive", "A campaign has either a template or html and text of its own: set the others to null."));
        if (tracking is { Honeypot: true, Clicks: false })
            errors.Add(new("tracking.honeypot", "needs_clicks", "A honeypot tells whose clicks are a machine's: it needs tracking.clicks."));
        errors.AddRange(ContentFaults.Of(changed.Subject, changed.Html, changed.Text));
        return From.IsSet ? WithSender(changed, errors) : changed;
    }

    private Campaign WithSender(Campaign campaign, List<FieldError> errors)
    {
        if (From.Value is not { } from)
            return campaign with { FromName = null, FromEmail = null };
        if (from.Name is { Length: > 200 })
            errors.Add(new("from.name", RecipientCodes.TooLong, "The sender's name has at most 200 characters."));
        if (from.Name?.AsSpan().IndexOfAny('\r', '\n') >= 0)
            errors.Add(new("from.name", "line_break", "The sender's name holds a line break."));
        else if (from.Name?.Any(char.IsControl) == true)
            errors.Add(new("from.name", "control_character", "The sender's name holds a control character."));
        if (from.Email is null)
            errors.Add(new("from.email", RecipientCodes.Required, "A sender has an address."));
        return campaign with { FromName = from.Name, FromEmail = Address("from.email", from.Email, errors) };
    }

    private static string? Address(string field, string? text, List<FieldError> errors)
    {
        if (text is null)
            return null;
        if (EmailAddress.TryParse(text, out var address, out var problem))
            return address.Address;
        errors.Add(new(field, RecipientCodes.InvalidEmail, problem));
        return null;
    }

    private Audience ReadAudience(List<FieldError> errors)
    {
        var given = Audience.Value ?? new();
        return new Audience
        {
            ListIds = Read("list_ids", given.ListIds, MaxLists, "lists"),
            ExcludeListIds = Read("exclude_list_ids", given.ExcludeListIds, MaxLists, "lists"),
            SegmentIds = Read("segment_ids", given.SegmentIds, MaxSegments, "segments"),
            ExcludeSegmentIds = Read("exclude_segment_ids", given.ExcludeSegmentIds, MaxSegments, "segments"),
            Joining = ReadJoining(given.Joining),
        };

        string ReadJoining(string? word)
        {
            if (word is not (null or Campaigns.Audience.Frozen or Campaigns.Audience.UntilPassed))
                errors.Add(new("audience.joining", "invalid", $"'{word}' is none of {Campaigns.Audience.Frozen}, {Campaigns.Audience.UntilPassed}."));
            return word ?? Campaigns.Audience.Frozen;
        }

        Guid[] Read(string field, Guid[]? ids, int most, string what)
        {
            if (ids?.Length > most)
                errors.Add(new($"audience.{field}", RecipientCodes.TooLong, $"An audience names at most {most} {what}."));
            return [.. (ids ?? []).Distinct()];
        }
    }

    private string? ReadSchedule(List<FieldError> errors) =>
        Schedule.Value is { } input && Core.Scheduling.Schedule.TryCreate(input, out var schedule, errors) ? Json(schedule.ToInput()) : null;

    private const int MaxLists = 500;
    private const int MaxSegments = 50;

    private static string Json<T>(T value) => JsonSerializer.Serialize(value, ApiJson.Options);

    internal sealed class Rules : AbstractValidator<CampaignChange>
    {
        public Rules()
        {
            RuleFor(c => c.Name.Value).NotEmpty().MaximumLength(200).When(c => c.Name.IsSet);
            RuleFor(c => c.WhenUncertain.Value).NotNull().OneOf("resend", "hold").When(c => c.WhenUncertain.IsSet);
        }
    }
}
