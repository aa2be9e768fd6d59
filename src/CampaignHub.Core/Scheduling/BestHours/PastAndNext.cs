namespace CampaignHub.Core.Scheduling.BestHours;

/// <summary>
/// A sample of people, each one's readings parted in the older three quarters and the newest one: how strongly those like them
/// should count is what would have foreseen the newest best.
/// </summary>
internal sealed class PastAndNext(int today)
{
    private const int MostPeople = 2_000;
    private const int LeastReadings = 3;

    private static readonly double[] s_strengths = [1, 2, 4, 8, 16, 32, 64, 128, 256];

    private readonly List<(int[] Codes, Func<HourRates> Prior)> _people = [];
    private SeededDraws _draws;
    private int _offered;

    /// <summary>Takes somebody into the sample, by chance: each one offered has the same (Vitter's algorithm R, 1985).</summary>
    internal void Offer(ReadOnlySpan<int> codes, Func<HourRates> prior)
    {
        if (codes.Length < LeastReadings)
            return;
        _offered++;
        if (_people.Count < MostPeople)
            _people.Add((codes.ToArray(), prior));
        else if ((int)(_draws.Next() * _offered) is var place && place < MostPeople)
            _people[place] = (codes.ToArray(), prior);
    }

    /// <summary>The strength that foresees best; the highest while there is nobody.</summary>
    internal double BestStrength()
    {
        var foreseen = new double[s_strengths.Length];
        var (evidence, rates) = (new HourEvidence(), HourRates.Empty());
        foreach (var (codes, prior) in _people)
        {
            Array.Sort(codes);
            var next = codes.Length * 3 / 4;
            evidence.Clear();
            foreach (var code in codes.AsSpan(0, next))
                evidence.Add(Reading.FromCode(code), today);
            for (var i = 0; i < s_strengths.Length; i++)
            {
                rates.Become(evidence, prior(), s_strengths[i]);
                foreach (var code in codes.AsSpan(next))
                    foreseen[i] += LogChance(Reading.FromCode(code), rates);
            }
        }
        return s_strengths[Array.LastIndexOf(foreseen, foreseen.Max())];
    }

    private static double LogChance(Reading reading, HourRates rates)
    {
        double log = 0;
        var last = reading.Delay ?? Attention.Hours - 1;
        for (var age = 0; age <= last; age++)
            log -= rates.Mean(HourEvidence.At(reading, age)) * Attention.ByAge[age];
        return reading.Delay is { } delay ? log + Math.Log(rates.Mean(HourEvidence.At(reading, delay)) * Attention.ByAge[delay]) : log;
    }
}
