using System.Text.Json;
using CampaignHub.Core;
using CampaignHub.Core.Audience;
using CampaignHub.Core.Relays;
using CampaignHub.Core.Sending.Composing.Mime;
using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform.Http;
using CampaignHub.Server.Platform.Json;
using FluentValidation;

namespace CampaignHub.Server.Relays;

/// <summary>Fields of a relay; an absent one stays as it is, in a new relay at its default.</summary>
public class RelayChange
{
    /// <summary>A name for people: 1 to 200 characters.</summary>
    /// <example>Provider EU</example>
    public Optional<string> Name { get; set; }

    /// <summary>Name or address of the server. One that leads into a private network is refused unless the operator allows it.</summary>
    /// <example>smtp.provider.example</example>
    public Optional<string> Host { get; set; }

    /// <summary>1 to 65535; 587 unless given.</summary>
    public Optional<int> Port { get; set; }

    /// <summary><c>none</c>, <c>starttls</c> (the default) or <c>implicit</c>. What is asked for is had, or nothing is sent.</summary>
    public Optional<string> Tls { get; set; }

    /// <summary>The login; null: none, which drops the password too.</summary>
    public Optional<string> Username { get; set; }

    /// <summary>Its password, never read back. Give it again with another host, or with tls none: it was given for the first.</summary>
    public Optional<string> Password { get; set; }

    /// <summary>
    /// A region of <c>GET /v1/relay-regions</c>: mail to its countries leaves through this relay first, and to others of its
    /// area (<c>eu</c>, <c>ap</c>) before relays elsewhere. Null (the default): none.
    /// </summary>
    /// <example>eu-central</example>
    public Optional<string> Region { get; set; }

    /// <summary>Its share of the mail beside other relays: 1 to 100, 1 unless given.</summary>
    public Optional<int> Weight { get; set; }

    /// <summary>Connections at once, over all nodes of the service: 1 to 100, 4 unless given.</summary>
    public Optional<int> MaxConnections { get; set; }

    /// <summary>Messages a second, over all nodes of the service: 1 to 100,000; null (the default): as fast as they go.</summary>
    public Optional<int?> MaxPerSecond { get; set; }

    /// <summary>Messages before a connection is closed: 1 to 100,000, 100 unless given.</summary>
    public Optional<int> MaxMessagesPerConnection { get; set; }

    /// <summary>
    /// Messages on each day (UTC) since it was first used, one number for each day, for a sender that is new to the world;
    /// after the last there is no limit. At most 365 numbers of 1 to 100,000,000. Null or empty (the default): no warm-up;
    /// what is given after that begins anew.
    /// </summary>
    /// <example>[50, 100, 500, 1000, 5000]</example>
    public Optional<int[]> WarmUp { get; set; }

    /// <summary>
    /// <c>from</c>: the campaign's sender; <c>fixed</c>: always <c>envelope_email</c>; <c>verp</c>: an address of each delivery's
    /// own on your verified bounce domain, so that mail that comes back says whose it was. A new relay without a preset that says
    /// otherwise has <c>verp</c> where you have such a domain, else <c>from</c>: relays that are mailboxes take no other sender.
    /// </summary>
    public Optional<string> EnvelopeSender { get; set; }

    /// <summary>The envelope sender where it is fixed.</summary>
    /// <example>bounces@shop.example</example>
    public Optional<string> EnvelopeEmail { get; set; }

    /// <summary>
    /// The certificates, in PEM (RFC 7468), that the relay's own must lead to, instead of the system's roots: of a company's own
    /// authority, or the relay's own where nobody signed it. 1 to 50, at most 65,536 characters; null (the default): the system's.
    /// </summary>
    public Optional<string> RootCertificates { get; set; }

    /// <summary>
    /// Headers that go on each message, such as a provider's stream: at most 50. <c>{delivery_token}</c> in a value stands for a token
    /// that names the delivery, by which a provider feed knows it again.
    /// </summary>
    public Optional<Dictionary<string, string?>> Headers { get; set; }

    /// <summary>Mail goes through it only while it is enabled; true unless given. Giving it lifts a pause.</summary>
    public Optional<bool> Enabled { get; set; }

    /// <summary>The relay with these fields, which <paramref name="errors"/> has to be empty of faults for.</summary>
    internal Relay ApplyTo(Relay relay, KeyRing keyRing, Guid tenantId, List<FieldError> errors)
    {
        var changed = relay with
        {
            Name = Name.Or(relay.Name)!.Trim(),
            Host = Host.Or(relay.Host)!.Trim(),
            Port = Port.Or(relay.Port),
            Tls = Tls.Or(relay.Tls)!,
            Username = Username.Or(relay.Username),
            Region = Region.Or(relay.Region),
            Weight = Weight.Or(relay.Weight),
            MaxConnections = MaxConnections.Or(relay.MaxConnections),
            MaxPerSecond = MaxPerSecond.Or(relay.MaxPerSecond),
            MaxMessagesPerConnection = MaxMessagesPerConnection.Or(relay.MaxMessagesPerConnection),
            WarmUp = WarmUp.Or(relay.WarmUp) ?? [],
            EnvelopeSender = EnvelopeSender.Or(relay.EnvelopeSender)!,
            EnvelopeEmail = EnvelopeEmail.Or(relay.EnvelopeEmail),
            RootCertificates = RootCertificates.Or(relay.RootCertificates),
            HeadersJson = Headers.IsSet ? JsonSerializer.Serialize(Headers.Value ?? [], ApiJson.Options) : relay.HeadersJson,
            Enabled = Enabled.Or(relay.Enabled),
        };
        changed = changed with { PasswordEncrypted = SealedPassword(relay, changed, keyRing, tenantId, errors) };
        if (RootCertificates.Value is { } pem && !Relays.RootCertificates.TryParse(pem, out _, out var problem))
            errors.Add(new("root_certificates", "invalid", problem));
        return CheckEnvelope(changed, errors);
    }

    /// <summary>Return paths need a domain to come back to.</summary>
    internal static FieldError? WithoutBounceDomain(Relay relay, EnvelopeSenders senders) => relay.EnvelopeSender == "verp" && senders.BounceDomain is null
        ? new("envelope_sender", "no_bounce_domain", "verp needs a verified bounce domain: POST /v1/domains with the kind bounce, publish its records and verify it.")
        : null;

    private byte[]? SealedPassword(Relay before, Relay after, KeyRing keyRing, Guid tenantId, List<FieldError> errors)
    {
        if (Password.Value is { } given)
        {
            if (after.Username is null)
                errors.Add(new("username", "required", "A password needs the username that it belongs to."));
            return RelayStore.Seal(keyRing, tenantId, after.RelayId, given);
        }
        if (Password.IsSet || after.Username is null || before.PasswordEncrypted is null)
            return null;
        // Nobody may read a password back by having it sent to a host of their own, or in clear text.
        if (after.Host != before.Host || after.Tls == "none" && before.Tls != "none"
            || after.RootCertificates is not null && after.RootCertificates != before.RootCertificates)
            errors.Add(new("password", "required", "The relay would get a password that was given for another host, for TLS, or under other roots: give it again."));
        return before.PasswordEncrypted;
    }

    private static Relay CheckEnvelope(Relay relay, List<FieldError> errors)
    {
        if (relay.EnvelopeEmail is null)
        {
            if (relay.EnvelopeSender == "fixed")
                errors.Add(new("envelope_email", "required", "With envelope_sender fixed, envelope_email says which address it is."));
            return relay;
        }
        if (relay.EnvelopeSender != "fixed")
            errors.Add(new("envelope_email", "not_applicable", "envelope_email has no effect unless envelope_sender is fixed; leave it out or null."));
        if (EmailAddress.TryParse(relay.EnvelopeEmail, out var address, out var problem))
            return relay with { EnvelopeEmail = address.Address };
        errors.Add(new("envelope_email", RecipientCodes.InvalidEmail, problem));
        return relay;
    }

    internal sealed class Rules : AbstractValidator<RelayChange>
    {
        public Rules()
        {
            RuleFor(r => r.Name.Value).NotEmpty().MaximumLength(200).When(r => r.Name.IsSet);
            RuleFor(r => r.Host.Value).NotEmpty().MaximumLength(253).When(r => r.Host.IsSet);
            RuleFor(r => r.Port.Value).InclusiveBetween(1, 65_535).When(r => r.Port.IsSet);
            RuleFor(r => r.Tls.Value).NotNull().OneOf("none", "starttls", "implicit").When(r => r.Tls.IsSet);
            RuleFor(r => r.Username.Value).MaximumLength(500).Must(IsOneLine).WithMessage(OneLine).When(r => r.Username.Value is not null);
            RuleFor(r => r.Password.Value).MaximumLength(1_000).Must(IsOneLine).WithMessage(OneLine).When(r => r.Password.Value is not null);
            RuleFor(r => r.Region.Value!).Must(RelayRegions.IsName).WithMessage("A region is 1 to 64 of a-z, 0-9 and hyphens.").When(r => r.Region.Value is not null);
            RuleFor(r => r.Weight.Value).InclusiveBetween(1, 100).When(r => r.Weight.IsSet);
            RuleFor(r => r.MaxConnections.Value).InclusiveBetween(1, 100).When(r => r.MaxConnections.IsSet);
            RuleFor(r => r.MaxPerSecond.Value).InclusiveBetween(1, 100_000).When(r => r.MaxPerSecond.Value is not null);
            RuleFor(r => r.MaxMessagesPerConnection.Value).InclusiveBetween(1, 100_000).When(r => r.MaxMessagesPerConnection.IsSet);
            RuleFor(r => r.WarmUp.Value).Must(days => days is not { Length: > 365 }).WithMessage("At most 365 days.");
            RuleForEach(r => r.WarmUp.Value).InclusiveBetween(1, 100_000_000).When(r => r.WarmUp.Value is not null);
            RuleFor(r => r.EnvelopeSender.Value).NotNull().OneOf("from", "fixed", "verp").When(r => r.EnvelopeSender.IsSet);
            RuleFor(r => r.RootCertificates.Value).MaximumLength(Relays.RootCertificates.MostCharacters).When(r => r.RootCertificates.Value is not null);
            RuleFor(r => r.Headers.Value).Must(headers => headers is not { Count: > 50 }).WithMessage("At most 50 headers.")
                .Custom((headers, context) => CheckHeaders(headers, context.AddFailure));
        }

        private const string OneLine = "It must be 1 or more characters on one line.";

        private static bool IsOneLine(string? text) => text is { Length: > 0 } && !text.Any(char.IsControl);

        private static void CheckHeaders(Dictionary<string, string?>? headers, Action<FluentValidation.Results.ValidationFailure> fail)
        {
            foreach (var (name, value) in headers ?? [])
                if ((value is null ? "A header needs a value." : new ExtraHeader(name, value).Problem()) is { } problem)
                    fail(new($"headers.{name}", problem) { ErrorCode = "invalid" });
        }
    }
}
