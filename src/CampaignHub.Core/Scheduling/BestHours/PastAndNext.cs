namespace CampaignHub.Core.Scheduling.BestHours;

/// <summary>
/// A sample of people, each one's readings parted in the older three quarters and the newest one. How much types and those like them
/// should count is what would have foreseen the newest best from the older ones; types are learned for that from these alone.
/// </summary>
internal sealed class PastAndNext(int today)
{
    private const int MostPeople = 2_000;
    private const int LeastReadings = 2;

    /// <summary>How much better, in logarithms of all chances, types have to foresee before they count.</summary>
    private const double LeastGain = 3;

    private static readonly double[] s_inTypes = [0, 0.5, 1];
    private static readonly double[] s_strengths = [1, 2, 4, 8, 16, 32, 64, 128, 256];

    private readonly List<(int[] Codes, string? Country, string MailDomain)> _people = [];
    private SeededDraws _draws;
    private int _offered;

    /// <summary>Takes somebody into the sample, by chance: each one offered has the same (Vitter's algorithm R, 1985).</summary>
    internal void Offer(string? country, string mailDomain, ReadOnlySpan<int> codes)
    {
        if (codes.Length < LeastReadings)
            return;
        _offered++;
        if (_people.Count < MostPeople)
            _people.Add((Sorted(codes), country, mailDomain));
        else if ((int)(_draws.Next() * _offered) is var place && place < MostPeople)
            _people[place] = (Sorted(codes), country, mailDomain);
    }

    /// <summary>Each one's readings, all of them.</summary>
    internal IReadOnlyList<HourEvidence> All() => [.. _people.Select(person => Evidence(person.Codes))];

    /// <summary>Each one's older readings.</summary>
    internal IReadOnlyList<HourEvidence> Older() => [.. _people.Select(person => Evidence(person.Codes.AsSpan(0, Next(person.Codes))))];

    /// <summary>What foresees best; while there is nobody, those like them alone.</summary>
    /// <param name="types">Learned from the older readings.</param>
    /// <param name="priorOf">What is known of people of a country and a mail domain.</param>
    internal Trust Best(Chronotypes types, Func<string?, string, LikeThem> priorOf)
    {
        Trust[] trusts = [.. s_inTypes.SelectMany(inTypes => s_strengths.Select(strength => new Trust(inTypes, strength)))];
        var (foreseen, rates, older) = (new double[trusts.Length], new PersonRates(), Older());
        for (var person = 0; person < older.Count; person++)
        {
            var (codes, country, mailDomain) = _people[person];
            rates.Become(older[person], priorOf(country, mailDomain), types);
            for (var i = 0; i < trusts.Length; i++)
            {
                rates.Weigh(trusts[i]);
                foreach (var code in codes.AsSpan(Next(codes)))
                    foreseen[i] += LogChance(Reading.FromCode(code), rates);
            }
        }
        // Where two foresee the same, the greater strength; types only where they foresee more.
        for (var i = s_strengths.Length; i < trusts.Length; i++)
            foreseen[i] -= LeastGain;
        var best = trusts.Length - 1;
        for (var i = best - 1; i >= 0; i--)
        {
            if (foreseen[i] > foreseen[best] || (foreseen[i] == foreseen[best] && trusts[i].InTypes < trusts[best].InTypes))
                best = i;
        }
        return trusts[best];
    }

    private static int Next(int[] codes) => codes.Length * 3 / 4;

    private static int[] Sorted(ReadOnlySpan<int> codes)
    {
        var sorted = codes.ToArray();
        Array.Sort(sorted);
        return sorted;
    }

    private HourEvidence Evidence(ReadOnlySpan<int> codes)
    {
        var evidence = new HourEvidence();
        foreach (var code in codes)
            evidence.Add(Reading.FromCode(code), today);
        return evidence;
    }

    private static double LogChance(Reading reading, PersonRates rates)
    {
        double log = 0;
        var last = reading.Delay ?? Attention.Hours - 1;
        for (var age = 0; age <= last; age++)
            log -= rates.Mean(HourEvidence.At(reading, age)) * Attention.ByAge[age];
        return reading.Delay is { } delay ? log + Math.Log(rates.Mean(HourEvidence.At(reading, delay)) * Attention.ByAge[delay]) : log;
    }
}
