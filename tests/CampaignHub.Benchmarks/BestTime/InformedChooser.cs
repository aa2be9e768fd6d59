using CampaignHub.Core.Scheduling.BestHours;

namespace CampaignHub.Benchmarks.BestTime;

/// <summary>
/// Somebody who knows the very law by which people are invented, and of each person no more than the service does: country and
/// readings. By Bayes' rule their choice has the highest chance that these readings allow: no model can expect more of them.
/// </summary>
/// <param name="habits">What kind of people they are.</param>
/// <param name="choices">The hours that can be chosen from.</param>
internal sealed class InformedChooser(Habits habits, int[] choices)
{
    private const int Interests = 6;
    private const int Guards = 4; // 1: a proxy, 2: a scanner
    private const int Outcomes = 49; // unread; then by delay, without and with a click

    private static readonly (int From, int Through)[] s_times = [(18, 22), (6, 9), (12, 14)]; // evenings, mornings, lunch
    private static readonly int[] s_zoneErrors = [0, .. Enumerable.Range(1, 6).SelectMany(hours => new[] { hours, -hours })];
    private static readonly double[] s_interests = [.. Enumerable.Range(0, Interests).Select(at => SimulatedPerson.Interest(Quantile((at + 0.5) / Interests)))];

    private readonly Law[] _laws = [.. Days(habits).SelectMany(day => s_interests.Select(interest => new Law(day, interest)))];
    private readonly Dictionary<Guid, float[]> _beliefs = [];
    private readonly double[] _worth = new double[24];

    /// <summary>The hour with the highest chance for this person, by all that was seen of them.</summary>
    public int Choose(SimulatedPerson person, int day)
    {
        var belief = BeliefOf(person);
        Array.Clear(_worth);
        var weekend = HourEvidence.IsWeekend(day) ? 24 : 0;
        for (var law = 0; law < _laws.Length; law++)
        {
            for (var error = 0; error < s_zoneErrors.Length; error++)
            {
                double share = 0;
                for (var guard = 0; guard < Guards; guard++)
                    share += belief[At(law, error, guard)];
                foreach (var hour in choices)
                    _worth[hour] += share * _laws[law].Chances[weekend + (hour + s_zoneErrors[error] + 24) % 24];
            }
        }
        return choices.MaxBy(hour => _worth[hour]);
    }

    /// <summary>Learns what was seen.</summary>
    public void Learn(SimulatedPerson person, Reading reading)
    {
        var belief = BeliefOf(person);
        var seen = reading.Delay is { } delay ? 1 + delay + (reading.Clicked ? 24 : 0) : 0;
        var weekend = HourEvidence.IsWeekend(reading.Day) ? 24 : 0;
        float sum = 0;
        for (var law = 0; law < _laws.Length; law++)
        {
            for (var error = 0; error < s_zoneErrors.Length; error++)
            {
                var hour = weekend + (reading.Hour + s_zoneErrors[error] + 24) % 24;
                for (var guard = 0; guard < Guards; guard++)
                    sum += belief[At(law, error, guard)] *= _laws[law].Seen[guard][hour * Outcomes + seen];
            }
        }
        for (var at = 0; at < belief.Length; at++)
            belief[at] /= sum;
    }

    /// <summary>Knows that so many take up other habits now.</summary>
    public void Shift(SimulatedPerson person, double share)
    {
        var belief = BeliefOf(person);
        var prior = DayPriors(person.Country);
        var days = prior.Length;
        var rest = Interests * s_zoneErrors.Length * Guards;
        for (var at = 0; at < rest; at++)
        {
            float all = 0;
            for (var day = 0; day < days; day++)
                all += belief[day * rest + at];
            for (var day = 0; day < days; day++)
                belief[day * rest + at] = (float)((1 - share) * belief[day * rest + at] + share * all * prior[day]);
        }
    }

    private float[] BeliefOf(SimulatedPerson person)
    {
        if (_beliefs.TryGetValue(person.Id, out var belief))
            return belief;
        belief = new float[_laws.Length * s_zoneErrors.Length * Guards];
        var days = DayPriors(person.Country);
        for (var law = 0; law < _laws.Length; law++)
        {
            for (var error = 0; error < s_zoneErrors.Length; error++)
            {
                for (var guard = 0; guard < Guards; guard++)
                {
                    belief[At(law, error, guard)] = (float)(days[law / Interests] / Interests
                        * (error == 0 ? 1 - SimulatedPerson.ShareInWrongZone : SimulatedPerson.ShareInWrongZone / (s_zoneErrors.Length - 1))
                        * ((guard & 1) == 1 ? SimulatedPerson.ShareBehindProxy : 1 - SimulatedPerson.ShareBehindProxy)
                        * ((guard & 2) == 2 ? SimulatedPerson.ShareBehindScanner : 1 - SimulatedPerson.ShareBehindScanner));
                }
            }
        }
        return _beliefs[person.Id] = belief;
    }

    private static int At(int law, int error, int guard) => (law * s_zoneErrors.Length + error) * Guards + guard;

    private static IEnumerable<SimulatedDay> Days(Habits habits) => habits != Habits.OwnPeaks
        ? [new SimulatedDay(habits, null, null)]
        : [new SimulatedDay(habits, null, null), .. s_times.SelectMany(time => Enumerable.Range(time.From, time.Through - time.From + 1))
            .SelectMany(peak => new[] { new SimulatedDay(habits, peak, peak), new SimulatedDay(habits, peak, Math.Min(22, peak + 2)) })];

    private double[] DayPriors(string country)
    {
        if (habits != Habits.OwnPeaks)
            return [1];
        var (evening, morning) = SimulatedDay.ShareOfEveningAndMorning(country);
        double[] shares = [evening, morning, 1 - evening - morning];
        return [1 - SimulatedDay.ShareWithPeak, .. s_times.Zip(shares).SelectMany(t =>
            Enumerable.Repeat(SimulatedDay.ShareWithPeak * t.Second / (t.First.Through - t.First.From + 1) / 2, 2 * (t.First.Through - t.First.From + 1)))];
    }

    // By bisection of the normal distribution's integral.
    private static double Quantile(double share)
    {
        double low = -6, below = 0;
        for (; below < share; low += 0.001)
            below += 0.001 * Math.Exp(-low * low / 2) / Math.Sqrt(2 * Math.PI);
        return low;
    }

    /// <summary>What becomes of messages to people of one day and one interest.</summary>
    private sealed class Law
    {
        /// <summary>By hour, workdays then weekends: the chance that it is read.</summary>
        public double[] Chances { get; } = new double[48];

        /// <summary>By what stands before them: the chance of what is seen of a message of an hour.</summary>
        public float[][] Seen { get; } = [.. Enumerable.Range(0, Guards).Select(_ => new float[48 * Outcomes])];

        public Law(SimulatedDay day, double interest)
        {
            const double click = SimulatedPerson.ClicksWhenReading;
            for (var hour = 0; hour < 48; hour++)
            {
                var unread = day.Unread(interest, hour % 24, hour >= 24);
                Chances[hour] = 1 - unread;
                for (var guard = 0; guard < Guards; guard++)
                {
                    var (proxy, passes) = ((guard & 1) == 1, (guard & 2) == 2 ? SimulatedPerson.ScannerPasses : 0);
                    var seen = Seen[guard].AsSpan(hour * Outcomes, Outcomes);
                    seen[0] = (float)((1 - passes) * (unread + (proxy ? (1 - unread) * (1 - click) : 0)));
                    for (var delay = 0; delay < 24; delay++)
                    {
                        var read = day.Unread(interest, hour % 24, hour >= 24, delay) * day.ReadsAt(interest, hour % 24, hour >= 24, delay);
                        seen[1 + delay] = proxy ? 0 : (float)((1 - passes) * read * (1 - click));
                        seen[25 + delay] = (float)((1 - passes) * read * click);
                    }
                    seen[1] += (float)(passes * (1 - click * (1 - unread)));
                    seen[25] += (float)(passes * click * (1 - unread));
                }
            }
        }
    }
}
