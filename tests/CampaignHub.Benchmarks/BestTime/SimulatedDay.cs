namespace CampaignHub.Benchmarks.BestTime;

/// <summary>At which hours somebody sits down to their mail, on workdays and weekends.</summary>
internal sealed class SimulatedDay
{
    /// <summary>How many have an hour of their own, where people have.</summary>
    public const double ShareWithPeak = 0.7;

    private readonly double[] _sittings = new double[48]; // the chance of a sitting: workdays by hour, then weekends

    /// <param name="habits">What kind of people they are.</param>
    /// <param name="workdayPeak">Their own hour on workdays; null: they have none.</param>
    /// <param name="weekendPeak">And on weekends.</param>
    public SimulatedDay(Habits habits, int? workdayPeak, int? weekendPeak)
    {
        for (var hour = 0; hour < 48; hour++)
        {
            var awake = hour % 24 is >= 7 and < 23;
            _sittings[hour] = habits == Habits.EveryHourAlike ? 0.15 : !awake ? 0.01 : workdayPeak is null ? 0.12 : 0.03;
        }
        if (workdayPeak is { } workday && weekendPeak is { } weekend)
        {
            Peak(0, workday);
            Peak(24, weekend);
        }
    }

    /// <summary>Evenings at home, mornings on the way, the rest lunch: more of the first in one country than in the other.</summary>
    public static (double Evening, double Morning) ShareOfEveningAndMorning(string country) => (country == "DE" ? 0.65 : 0.45, 0.25);

    /// <summary>The chance that what came at this hour, and wasn't read yet, is read at this age in hours.</summary>
    public double ReadsAt(double interest, int hour, bool weekend, int age) => _sittings[(weekend ? 24 : 0) + (hour + age) % 24] * interest * Noticed(age);

    /// <summary>The chance that what comes at this hour isn't read before this age.</summary>
    public double Unread(double interest, int hour, bool weekend, int before = 24)
    {
        var unread = 1.0;
        for (var age = 0; age < before; age++)
            unread *= 1 - ReadsAt(interest, hour, weekend, age);
        return unread;
    }

    // Not the law by which the service expects mail to be noticed, since nobody knows the true one.
    private static double Noticed(int age) => Math.Max(0.06, Math.Pow(0.5, age / 5.0));

    private void Peak(int kind, int hour)
    {
        _sittings[kind + hour] = 0.85;
        _sittings[kind + hour - 1] = Math.Max(_sittings[kind + hour - 1], 0.3);
        _sittings[kind + hour + 1] = Math.Max(_sittings[kind + hour + 1], 0.3);
    }
}
