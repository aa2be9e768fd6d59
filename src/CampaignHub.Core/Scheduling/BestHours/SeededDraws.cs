using System.Buffers.Binary;

namespace CampaignHub.Core.Scheduling.BestHours;

/// <summary>
/// Chance that is the same each time: drawn from a campaign and a person, so that a plan can be computed again. SplitMix64
/// (Steele, Lea and Flood, 2014), and Marsaglia and Tsang's method (2000) for gamma distributions.
/// </summary>
internal struct SeededDraws
{
    private ulong _state;

    internal SeededDraws(Guid campaignId, Guid recipientId) => _state = Half(campaignId, 0) ^ (Half(campaignId, 8) * 3) ^ (Half(recipientId, 0) * 5) ^ (Half(recipientId, 8) * 7);

    /// <summary>Evenly from 0 to below 1.</summary>
    internal double Next()
    {
        _state += 0x9E3779B97F4A7C15;
        var z = _state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return ((z ^ (z >> 31)) >> 11) * (1.0 / (1ul << 53));
    }

    internal double Gamma(double shape, double rate)
    {
        // Below 1: one of shape + 1, lessened.
        if (shape < 1)
            return Gamma(shape + 1, rate) * Math.Pow(1 - Next(), 1 / shape);
        var d = shape - 1.0 / 3;
        var c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            var x = Normal();
            var v = Math.Pow(1 + c * x, 3);
            if (v > 0 && Math.Log(1 - Next()) < 0.5 * x * x + d - d * v + d * Math.Log(v))
                return d * v / rate;
        }
    }

    private double Normal() => Math.Sqrt(-2 * Math.Log(1 - Next())) * Math.Cos(2 * Math.PI * Next());

    private static ulong Half(Guid id, int from)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes[from..]);
    }
}
