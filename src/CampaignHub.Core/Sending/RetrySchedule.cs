using System.Buffers.Binary;
using System.Security.Cryptography;
using NodaTime;

namespace CampaignHub.Core.Sending;

/// <summary>
/// When a deferred delivery is tried again: growing steps with a jitter of 0 to 20 % that follows from the delivery's id,
/// so that a wave that failed together doesn't return together and the same question has the same answer.
/// </summary>
/// <param name="Steps">Least waits after the first, second, … counted attempt; the last repeats.</param>
/// <param name="Total">Time from the first attempt after which no attempt is begun any more.</param>
public sealed record RetrySchedule(IReadOnlyList<Duration> Steps, Duration Total)
{
    private const double MaxJitter = 0.2;

    /// <summary>Wait after a fault of the relay's, which doesn't count as an attempt.</summary>
    private static readonly Duration s_relayStep = Duration.FromMinutes(5);

    /// <summary>15 min, 1, 2, 4, 8, 16, 24 h, and 72 h in all.</summary>
    public static RetrySchedule Default { get; } = new(
        [Duration.FromMinutes(15), .. new[] { 1, 2, 4, 8, 16, 24 }.Select(hours => Duration.FromHours(hours))], Duration.FromHours(72));

    /// <summary>The instant of the next attempt; null when it would come after <see cref="Total"/>: then the delivery is exhausted.</summary>
    /// <param name="deliveryId">The delivery.</param>
    /// <param name="countedAttempts">Attempts that count against the person, this one included; 0 after nothing but relay faults.</param>
    /// <param name="firstAttempt">When the first attempt, counted or not, was made.</param>
    /// <param name="now">When this one ended.</param>
    /// <param name="relayFault">Whether this one failed by the relay's fault: a short wait, whatever came before.</param>
    /// <param name="nextAllowed">The first moment from an instant on at which mail may arrive; null: at any.</param>
    public Instant? Next(
        Guid deliveryId, int countedAttempts, Instant firstAttempt, Instant now, bool relayFault = false, Func<Instant, Instant>? nextAllowed = null)
    {
        var step = relayFault || countedAttempts < 1 ? s_relayStep : Steps[Math.Min(countedAttempts, Steps.Count) - 1];
        var next = now + step * (1 + MaxJitter * Fraction(deliveryId, countedAttempts));
        next = nextAllowed?.Invoke(next) ?? next;
        return next > firstAttempt + Total ? null : next;
    }

    /// <summary>Uniform in [0, 1), different for each attempt of a delivery.</summary>
    private static double Fraction(Guid deliveryId, int attempt)
    {
        Span<byte> seed = stackalloc byte[20];
        deliveryId.TryWriteBytes(seed, bigEndian: true, out _);
        BinaryPrimitives.WriteInt32BigEndian(seed[16..], attempt);
        return BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData(seed)) / (uint.MaxValue + 1d);
    }
}
