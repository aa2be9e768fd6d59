namespace CampaignHub.Core.Scheduling.BestHours;

/// <summary>
/// What is known of many people together: the tenant's, those of a country, those of a country at a mail domain. Each is
/// shrunk to the one before it, and the tenant's to <see cref="HourRates.Flat"/>. From a sample of people they tell, too, which types
/// of people there are, and how much somebody's own past says of their next reading: see <see cref="PersonStrength"/>.
/// </summary>
/// <param name="today">From when evidence fades.</param>
/// <param name="segments">Countries and mail domains with people enough for a pool of their own; bounded by the caller.</param>
public sealed class ReadingPools(int today, IEnumerable<(string? Country, string MailDomain)> segments)
{
    private const double TenantStrength = 30;
    private const double PoolStrength = 30;

    private readonly HourEvidence _tenant = new();
    private readonly Dictionary<string, HourEvidence> _countries = [];
    private readonly Dictionary<(string, string), HourEvidence> _segments = segments.ToDictionary(s => Key(s.Country, s.MailDomain), _ => new HourEvidence());
    private readonly PastAndNext _sample = new(today);
    private HourRates? _tenantRates;
    private Chronotypes? _types;
    private Trust? _trust;
    private Func<string?, string, LikeThem>? _priorOf;

    /// <summary>
    /// How many messages, lying there at an hour, it takes for a person's own past to count as much as those like them. Not
    /// assumed but measured: of several strengths, the one by which people's newest readings would have been foreseen best from
    /// their older ones. Where all read alike it is high, and nobody is led astray by chance.
    /// </summary>
    public double PersonStrength => Trust.Strength;

    /// <summary>How much <see cref="Types"/> and those like somebody count.</summary>
    internal Trust Trust => _trust ??= MeasuredTrust();

    /// <summary>The types of people that there are.</summary>
    internal Chronotypes Types => _types ??= new Chronotypes(TenantRates, _sample.All());

    private HourRates TenantRates => _tenantRates ??= HourRates.Of(_tenant, HourRates.Flat, TenantStrength);

    /// <summary>Adds a person's readings to the pools that they are in. All are added before any is asked for.</summary>
    public void Add(string? country, string mailDomain, ReadOnlySpan<int> codes)
    {
        if (!_countries.TryGetValue(country ?? "", out var ofCountry))
            _countries.Add(country ?? "", ofCountry = new HourEvidence());
        var ofSegment = _segments.GetValueOrDefault(Key(country, mailDomain));
        foreach (var code in codes)
        {
            var reading = Reading.FromCode(code);
            _tenant.Add(reading, today);
            ofCountry.Add(reading, today);
            ofSegment?.Add(reading, today);
        }
        _sample.Offer(country, mailDomain, codes);
    }

    /// <summary>What is known of somebody before anything of their own.</summary>
    internal LikeThem PriorOf(string? country, string mailDomain) => (_priorOf ??= PriorsBy(Types))(country, mailDomain);

    // Types are learned from older readings alone where it is measured how well they foresee the newest.
    private Trust MeasuredTrust()
    {
        var types = new Chronotypes(TenantRates, _sample.Older());
        return _sample.Best(types, PriorsBy(types));
    }

    private Func<string?, string, LikeThem> PriorsBy(Chronotypes types)
    {
        var priors = new Dictionary<(string, string), LikeThem>();
        return (country, mailDomain) =>
        {
            var key = Key(country, _segments.ContainsKey(Key(country, mailDomain)) ? mailDomain : "");
            if (!priors.TryGetValue(key, out var prior))
                priors.Add(key, prior = Prior(key, types));
            return prior;
        };
    }

    private LikeThem Prior((string Country, string MailDomain) key, Chronotypes types)
    {
        var (rates, mix) = (TenantRates, types.Shares);
        if (_countries.TryGetValue(key.Country, out var ofCountry))
            (rates, mix) = (HourRates.Of(ofCountry, rates, PoolStrength), types.MixOf(ofCountry, mix));
        if (_segments.TryGetValue(key, out var ofSegment))
            (rates, mix) = (HourRates.Of(ofSegment, rates, PoolStrength), types.MixOf(ofSegment, mix));
        return new LikeThem(rates, mix);
    }

    private static (string Country, string MailDomain) Key(string? country, string mailDomain) => (country ?? "", mailDomain);
}
