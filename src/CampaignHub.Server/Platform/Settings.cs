using System.Net;
using CampaignHub.Core.Audience;
using CampaignHub.Core.Sending;
using NodaTime;
using NodaTime.Text;

namespace CampaignHub.Server.Platform;

/// <summary>The service's own settings, section <c>CampaignHub</c>. What each is for stands in the README's table.</summary>
public sealed class Settings
{
    /// <summary>Base of tracking links; by default the first address that the service listens on.</summary>
    public string? PublicUrl { get; set; }

    /// <summary>Host that takes mail that can't be delivered, for bounce domains; by default the public URL's.</summary>
    public string? BounceHost { get; set; }

    public string DataDirectory { get; set; } = "./.campaignhub";

    public string? OperatorKey { get; set; }

    public string? KeyRing { get; set; }

    /// <summary><c>all</c>, <c>api</c> or <c>worker</c>.</summary>
    public string Role { get; set; } = "all";

    public OutboundSettings Outbound { get; set; } = new();

    public DnsSettings Dns { get; set; } = new();

    public DkimSettings Dkim { get; set; } = new();

    /// <summary>Whether, in Production, a campaign's From must be on a verified domain of its tenant.</summary>
    public bool RequireVerifiedFrom { get; set; } = true;

    public string[] TrustedProxies { get; set; } = [];

    public ClockSettings Clock { get; set; } = new();

    /// <summary>An <c>.nzd</c> file of NodaTime's with newer time zone data than the program brings; none by default.</summary>
    public string? TimeZoneData { get; set; }

    /// <summary>How long a worker may be silent before others take over what it claimed: 5 to 600.</summary>
    public int LeaseSeconds { get; set; } = 60;

    public RetrySettings Retries { get; set; } = new();

    public TrackingSettings Tracking { get; set; } = new();

    public InboundSettings Inbound { get; set; } = new();

    public FormSettings Forms { get; set; } = new();

    public LimitSettings Limits { get; set; } = new();

    public RetentionSettings Retention { get; set; } = new();

    public ReportSettings Reports { get; set; } = new();

    public bool RunsWorkers => Role is "all" or "worker";

    public bool RunsApi => Role is "all" or "api";

    public static Settings Of(IConfiguration configuration) =>
        configuration.GetSection("CampaignHub").Get<Settings>() ?? new Settings();

    /// <summary>Refuses what can't work before anything is started.</summary>
    public void Check(IHostEnvironment environment)
    {
        if (Role is not ("all" or "api" or "worker"))
            throw new StartupException($"CampaignHub__Role is '{Role}': it must be all, api or worker.");
        if (LeaseSeconds is < 5 or > 600)
            throw new StartupException($"CampaignHub__LeaseSeconds is {LeaseSeconds}: it must be 5 to 600.");
        if (BounceHost is { } bounces && !MailDomain.TryParse(bounces, out _, out _))
            throw new StartupException($"CampaignHub__BounceHost is '{bounces}': it must be a host such as mx.shop.example.");
        Retries.Check();
        Tracking.Check();
        Inbound.Check();
        Limits.Check();
        if (Forms.MailsPerNetworkAndHour is < 1 or > 10_000)
            throw new StartupException($"CampaignHub__Forms__MailsPerNetworkAndHour is {Forms.MailsPerNetworkAndHour}: it must be 1 to 10000.");
        Retention.Check();
        Reports.Check();
        if (Clock.IsSet && environment.IsProduction())
            throw new StartupException("CampaignHub__Clock is set, which is for demos and tests only: unset it in Production.");
        if (Clock.Start is { } start && !InstantPattern.ExtendedIso.Parse(start).Success)
            throw new StartupException($"CampaignHub__Clock__Start is '{start}': it must be an instant such as 2026-10-24T00:00:00Z.");
        if (PublicUrl is { } url && !(Uri.TryCreate(url, UriKind.Absolute, out var parsed) && parsed.Scheme is "http" or "https"))
            throw new StartupException($"CampaignHub__PublicUrl is '{url}': it must be an http(s) URL such as https://mail.shop.example.");
        if (Dns.Servers.FirstOrDefault(server => DnsSettings.EndPoint(server) is null) is { } unknown)
            throw new StartupException($"CampaignHub__Dns__Servers has '{unknown}': it must be an address such as 192.0.2.53, or one with a port such as 192.0.2.53:5353.");
        if (Dkim.KeepOldKeysDays is < 1 or > 365)
            throw new StartupException($"CampaignHub__Dkim__KeepOldKeysDays is {Dkim.KeepOldKeysDays}: it must be 1 to 365.");
    }
}

/// <summary>How subscribe forms are kept from being abused.</summary>
public sealed class FormSettings
{
    /// <summary>Confirming mails, 1 to 10,000, that one network (/24 of IPv4, /64 of IPv6) can have sent in an hour.</summary>
    public int MailsPerNetworkAndHour { get; set; } = 20;
}

/// <summary>How often somebody may call, over all nodes. 0: as often as they like.</summary>
public sealed class LimitSettings
{
    private const int Most = 100_000_000;

    /// <summary>Calls with one API key in a minute.</summary>
    public int CallsPerKeyAndMinute { get; set; } = 12_000;

    /// <summary>Public pages (unsubscribing, preferences, forms) that one network can open in a minute.</summary>
    public int PagesPerNetworkAndMinute { get; set; } = 600;

    /// <summary>Messages that one network can post to hooks in a minute: a shop's host posts 500 a second when it has to.</summary>
    public int HooksPerNetworkAndMinute { get; set; } = 60_000;

    /// <summary>Wrong keys and signatures from one network in an hour, after which it is refused until that hour is over.</summary>
    public int FailuresPerNetworkAndHour { get; set; } = 100;

    internal void Check()
    {
        foreach (var (name, limit) in new[]
        {
            (nameof(CallsPerKeyAndMinute), CallsPerKeyAndMinute), (nameof(PagesPerNetworkAndMinute), PagesPerNetworkAndMinute),
            (nameof(HooksPerNetworkAndMinute), HooksPerNetworkAndMinute), (nameof(FailuresPerNetworkAndHour), FailuresPerNetworkAndHour),
        })
            if (limit is < 0 or > Most)
                throw new StartupException($"CampaignHub__Limits__{name} is {limit}: it must be 0 (no limit) to {Most}.");
    }
}

/// <summary>Where relays and webhooks may be, besides the public internet.</summary>
public sealed class OutboundSettings
{
    /// <summary>Networks such as <c>10.0.0.0/8</c>.</summary>
    public string[] AllowedNetworks { get; set; } = [];
}

/// <summary>Who is asked about domains.</summary>
public sealed class DnsSettings
{
    private const int Port = 53;

    /// <summary>Addresses, each with a port or without; none: the system's resolvers.</summary>
    public string[] Servers { get; set; } = [];

    public IReadOnlyList<IPEndPoint> EndPoints => [.. Servers.Select(server => EndPoint(server)!)];

    internal static IPEndPoint? EndPoint(string server) =>
        IPEndPoint.TryParse(server, out var parsed) ? new IPEndPoint(parsed.Address, parsed.Port == 0 ? Port : parsed.Port) : null;
}

/// <summary>How DKIM keys are kept.</summary>
public sealed class DkimSettings
{
    /// <summary>Days, 1 to 365, for which the record of a key that was rotated out stays needed.</summary>
    public int KeepOldKeysDays { get; set; } = 7;

    public Duration KeepOldKeys => Duration.FromDays(KeepOldKeysDays);
}

/// <summary>When a delivery that a relay put off is tried again.</summary>
public sealed class RetrySettings
{
    /// <summary>Least minutes before the second, third, … attempt, 15 to 10,080 each and none below the one before; the last repeats. None: 15, then 1, 2, 4, 8, 16, 24 hours.</summary>
    public int[] StepMinutes { get; set; } = [];

    /// <summary>Hours from the first attempt, 1 to 168, after which no other is begun.</summary>
    public int GiveUpAfterHours { get; set; } = 72;

    public RetrySchedule Schedule => new(
        StepMinutes.Length == 0 ? RetrySchedule.Default.Steps : [.. StepMinutes.Select(m => Duration.FromMinutes(m))], Duration.FromHours(GiveUpAfterHours));

    internal void Check()
    {
        if (StepMinutes.Any(step => step is < 15 or > 10_080) || !StepMinutes.SequenceEqual(StepMinutes.Order()))
            throw new StartupException($"CampaignHub__Retries__StepMinutes is {string.Join(", ", StepMinutes)}: each must be 15 to 10080, and none below the one before.");
        if (GiveUpAfterHours is < 1 or > 168)
            throw new StartupException($"CampaignHub__Retries__GiveUpAfterHours is {GiveUpAfterHours}: it must be 1 to 168.");
    }
}

/// <summary>How many hits may wait, and where.</summary>
public sealed class TrackingSettings
{
    /// <summary>Hits, 10 to 1,000,000, that may wait at once to be stored; what comes beyond is answered and dropped.</summary>
    public int QueuedHits { get; set; } = 10_000;

    /// <summary>Megabytes, 1 to 1,000,000, of hits that the data directory takes while PostgreSQL doesn't.</summary>
    public int SpoolMegabytes { get; set; } = 1_024;

    /// <summary>A file with networks of data centres, one a line, such as <c>192.0.2.0/24</c>; none by default.</summary>
    public string? DataCentreNetworks { get; set; }

    /// <summary>A file in MaxMind's DB format that says which country an address is in; none by default.</summary>
    public string? CountryDatabase { get; set; }

    internal void Check()
    {
        if (QueuedHits is < 10 or > 1_000_000)
            throw new StartupException($"CampaignHub__Tracking__QueuedHits is {QueuedHits}: it must be 10 to 1000000.");
        if (SpoolMegabytes is < 1 or > 1_000_000)
            throw new StartupException($"CampaignHub__Tracking__SpoolMegabytes is {SpoolMegabytes}: it must be 1 to 1000000.");
    }
}

/// <summary>How long events and hits are kept.</summary>
public sealed class RetentionSettings
{
    /// <summary>Whole months, 1 to 1,200, besides the present one; 0: for good.</summary>
    public int Months { get; set; }

    /// <summary>The same, or null where all are kept.</summary>
    public int? KeptMonths => Months == 0 ? null : Months;

    internal void Check()
    {
        if (Months is < 0 or > 1_200)
            throw new StartupException($"CampaignHub__Retention__Months is {Months}: it must be 1 to 1200, or 0 to keep all.");
    }
}

/// <summary>What comes back by mail.</summary>
public sealed class InboundSettings
{
    /// <summary>Where a mail server hands bounces to, by SMTP or LMTP: an address with a port; null: nowhere.</summary>
    public string? Listen { get; set; }

    /// <summary>Connections at once: 1 to 1,000.</summary>
    public int MaxConnections { get; set; } = 50;

    /// <summary>After how many deliveries that came back within <see cref="SoftBounceDays"/>, none of them for good, an address is suppressed: 1 to 100.</summary>
    public int SoftBounces { get; set; } = 5;

    /// <summary>Days, 1 to 365, within which they count.</summary>
    public int SoftBounceDays { get; set; } = 30;

    public IPEndPoint? ListenEndPoint => Listen is null ? null : IPEndPoint.Parse(Listen);

    internal void Check()
    {
        if (Listen is { } listen && !(IPEndPoint.TryParse(listen, out var place) && listen.EndsWith($":{place.Port}", StringComparison.Ordinal)))
            throw new StartupException($"CampaignHub__Inbound__Listen is '{listen}': it must be an address with a port such as 127.0.0.1:2525.");
        if (MaxConnections is < 1 or > 1_000)
            throw new StartupException($"CampaignHub__Inbound__MaxConnections is {MaxConnections}: it must be 1 to 1000.");
        if (SoftBounces is < 1 or > 100)
            throw new StartupException($"CampaignHub__Inbound__SoftBounces is {SoftBounces}: it must be 1 to 100.");
        if (SoftBounceDays is < 1 or > 365)
            throw new StartupException($"CampaignHub__Inbound__SoftBounceDays is {SoftBounceDays}: it must be 1 to 365.");
    }
}

/// <summary>What reports count.</summary>
public sealed class ReportSettings
{
    /// <summary>Days, 1 to 90, within which an order after a person's click is the campaign's.</summary>
    public int AttributionDays { get; set; } = 5;

    internal void Check()
    {
        if (AttributionDays is < 1 or > 90)
            throw new StartupException($"CampaignHub__Reports__AttributionDays is {AttributionDays}: it must be 1 to 90.");
    }
}

/// <summary>Business time that starts elsewhere, and steps to the next due instant when nothing is due. Refused in Production.</summary>
public sealed class ClockSettings
{
    public string? Start { get; set; }

    public bool Skip { get; set; }

    public bool IsSet => Start is not null || Skip;

    public Instant? StartInstant => Start is null ? null : InstantPattern.ExtendedIso.Parse(Start).Value;
}
