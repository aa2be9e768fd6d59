namespace CampaignHub.Core.Scheduling.BestHours;

/// <summary>
/// How likely one person reads a message that has just come, hour by hour, apart for workdays and weekends. What is expected of them
/// by their <see cref="Chronotypes"/> and by those like them is the mean of a gamma distribution for each hour, which their
/// own readings then move. One is used for one person after another.
/// </summary>
internal sealed class PersonRates
{
    private readonly double[] _ofTypes = new double[Chronotypes.Count];
    private readonly double[] _levels = new double[Chronotypes.Count];
    private readonly double[] _byTypes = new double[Bins.Count];
    private readonly double[] _byThoseLikeThem = new double[Bins.Count];
    private readonly double[] _read = new double[Bins.Count];
    private readonly double[] _lain = new double[Bins.Count];
    private readonly double[] _shape = new double[Bins.Count];
    private double _strength;
    private double _ownInTypes;

    /// <summary>The expected chance at each hour: workdays, then weekends.</summary>
    internal double Mean(int at) => _shape[at] / (_lain[at] + _strength);

    /// <summary>Of whom the following is said.</summary>
    /// <param name="own">What was seen of them.</param>
    /// <param name="prior">What is known before that.</param>
    /// <param name="types">The tenant's.</param>
    internal void Become(HourEvidence own, LikeThem prior, Chronotypes types)
    {
        types.Judge(own, prior.Types, _ofTypes, _levels);
        Array.Clear(_byTypes);
        double moved = 0;
        for (var type = 0; type < Chronotypes.Count; type++)
        {
            moved += Math.Abs(_ofTypes[type] - prior.Types[type]) / 2;
            Bins.Add(_byTypes, types.Day(type), _ofTypes[type] * _levels[type]);
        }
        _ownInTypes = moved;
        var level = HourRates.Level(own, prior.Rates);
        for (var at = 0; at < Bins.Count; at++)
        {
            _byThoseLikeThem[at] = level * prior.Rates.Mean(at);
            _read[at] = HourRates.Around(own.Read, at);
            _lain[at] = HourRates.Around(own.Lain, at);
        }
    }

    /// <summary>Weighs what is expected against their own readings.</summary>
    internal void Weigh(Trust trust)
    {
        _strength = trust.Strength;
        for (var at = 0; at < Bins.Count; at++)
            _shape[at] = _read[at] + trust.Strength * (trust.InTypes * _byTypes[at] + (1 - trust.InTypes) * _byThoseLikeThem[at]);
    }

    /// <summary>Chances as they may turn out to be: a type by its likelihood, where types count, and each hour by its distribution.</summary>
    internal void Draw(ref SeededDraws draws, Trust trust, Chronotypes types, Span<double> chances)
    {
        var (type, lot) = (-1, draws.Next());
        if (lot < trust.InTypes)
        {
            for (lot /= trust.InTypes; ++type < Chronotypes.Count - 1 && lot >= _ofTypes[type];)
                lot -= _ofTypes[type];
        }
        for (var at = 0; at < Bins.Count; at++)
        {
            var expected = type < 0 ? _byThoseLikeThem[at] : _levels[type] * types.Day(type)[at];
            chances[at] = draws.Gamma(_read[at] + trust.Strength * expected, _lain[at] + trust.Strength);
        }
    }

    /// <summary>How much of what is said of an hour is their own, 0 to 100: what their readings moved, in their types and beside them.</summary>
    internal int OwnPercent(int at, Trust trust) => (int)Math.Round(100 * (1 - (1 - trust.InTypes * _ownInTypes) * trust.Strength / (_lain[at] + trust.Strength)));
}
