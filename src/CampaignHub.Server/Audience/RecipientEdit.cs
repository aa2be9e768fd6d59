using System.Text.Json;
using CampaignHub.Core;
using CampaignHub.Core.Audience;
using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform.Json;
using NodaTime;

namespace CampaignHub.Server.Audience;

/// <summary>One change of a recipient, field by field by Core's rules. Every fault is collected; a result counts only without any.</summary>
internal sealed class RecipientEdit(RecipientChange change, KeyRing keyRing, Guid tenantId, Instant now)
{
    private delegate FieldError? Check(string? text, out string? value);

    private readonly List<FieldError> _errors = [];

    public IReadOnlyList<FieldError> Errors => _errors;

    /// <summary>The recipient with these fields. A new one has no consent yet: see <see cref="Recipient.New"/>.</summary>
    public Recipient ApplyTo(Recipient before)
    {
        var edited = WithAddress(before) with
        {
            FirstName = Line(change.FirstName, before.FirstName, (string? text, out string? name) => RecipientFields.Name("first_name", text, out name)),
            LastName = Line(change.LastName, before.LastName, (string? text, out string? name) => RecipientFields.Name("last_name", text, out name)),
            Locale = Line(change.Locale, before.Locale, RecipientFields.Locale),
            Phone = Line(change.Phone, before.Phone, RecipientFields.Phone),
            AttributesJson = Attributes(before),
            MaxFrequency = Line(change.MaxFrequency, before.MaxFrequency, RecipientFields.Frequency),
            Chosen = [.. before.Chosen.Where(field => !(field == ChosenFields.Locale ? change.Locale.IsSet : change.TimeZone.IsSet))],
            Tracking = change.Tracking.IsSet ? change.Tracking.Value ?? true : before.Tracking,
            UpdatedAt = now,
        };
        return WithZone(WithPlace(edited), before).WithConsent(Audience.Consent.After(before.Consent, Stated(), ConsentChannel.Api));
    }

    private Recipient WithAddress(Recipient before)
    {
        if (!change.Email.IsSet)
            return before;
        Collect(RecipientFields.Email(change.Email.Value, out var address));
        return address is null ? before : before.WithAddress(address, keyRing, tenantId);
    }

    /// <summary>A region of the country before means nothing in another.</summary>
    private Recipient WithPlace(Recipient before)
    {
        var country = Line(change.Country, before.Country, RecipientFields.Country);
        var held = country == before.Country ? before.Region : null;
        var region = Line(change.Region, held, (string? text, out string? code) => RecipientFields.Region(text, country, out code));
        return before with { Country = country, Region = region };
    }

    /// <summary>A zone that was given stays, and so does one whose evidence, place and phone, hasn't changed.</summary>
    private Recipient WithZone(Recipient edited, Recipient before)
    {
        var wasGiven = before.TimeZoneSource == ZoneSource.Given.Word();
        var given = Line(change.TimeZone, wasGiven ? before.TimeZone : null, RecipientFields.TimeZone);
        if (!change.TimeZone.IsSet && (wasGiven || Evidence(edited) == Evidence(before)))
            return edited;
        var zone = ZoneInference.Infer(given, edited.Country, edited.Region, edited.Phone, edited.ShopTimeZone);
        return edited with { TimeZone = zone.TimeZone, TimeZoneSource = zone.Source.Word(), TimeZoneConfidence = null };
    }

    private static (string?, string?, string?) Evidence(Recipient recipient) => (recipient.Country, recipient.Region, recipient.Phone);

    private string Attributes(Recipient before)
    {
        if (!change.Attributes.IsSet)
            return before.AttributesJson;
        if (change.Attributes.Value.ValueKind == JsonValueKind.Null)
            return "{}";
        Collect(RecipientAttributes.Check(change.Attributes.Value, out var json));
        return json ?? before.AttributesJson;
    }

    private StatedConsent Stated()
    {
        if (!change.Consent.IsSet)
            return new StatedConsent(ConsentStatement.Silent, "api", now);
        if (change.Consent.Value is not { } said)
            return new StatedConsent(ConsentStatement.Unknown, "api", now);
        Collect(RecipientFields.Consent(said.Status ?? "", out var status));
        Collect(RecipientFields.ConsentSource(said.Source, out var source));
        Collect(RecipientFields.ConsentAt(said.At, out var at));
        // A yes from the future would outlast every no; a caller's clock may be a little ahead of ours.
        if (at > now + s_clockSkew)
            Collect(new FieldError("consent.at", RecipientCodes.InvalidInstant, "The instant lies in the future."));
        return new StatedConsent(status?.AsStatement() ?? ConsentStatement.Silent, source ?? "api", at is { } given && given < now ? given : now);
    }

    private string? Line(Optional<string> field, string? current, Check check)
    {
        if (!field.IsSet)
            return current;
        Collect(check(field.Value, out var value));
        return value;
    }

    private void Collect(FieldError? fault)
    {
        if (fault is not null)
            _errors.Add(fault);
    }

    private static readonly Duration s_clockSkew = Duration.FromMinutes(5);
}
