using NodaTime;

namespace CampaignHub.Core.Scheduling;

/// <summary>Spreads people evenly over some minutes: slots of whole minutes, at most 60 of them.</summary>
/// <param name="Minutes">How long it is: 1 to 720.</param>
public readonly record struct SendWindow(int Minutes)
{
    /// <summary>The longest: twelve hours.</summary>
    public const int LongestMinutes = 12 * 60;

    private const int MostSlots = 60;

    /// <summary>How many instants it has.</summary>
    public int Slots => Math.Min(Minutes, MostSlots);

    /// <summary>How long it is.</summary>
    public Duration Length => Duration.FromMinutes(Minutes);

    /// <summary>
    /// The moment of each slot. Each follows the one before it by its share of the window, and in allowed time: what is
    /// left of the window when the allowed hours end goes on when they begin again.
    /// </summary>
    internal IReadOnlyList<AllowedMove> From(AllowedMove start, AllowedPlace allowed)
    {
        var moments = new AllowedMove[Slots];
        moments[0] = start;
        for (var slot = 1; slot < moments.Length; slot++)
        {
            var before = moments[slot - 1];
            var next = AllowedMove.Of(allowed, before.DueAt + Offset(slot) - Offset(slot - 1));
            moments[slot] = next.Adjustment == Adjustment.None ? next with { Adjustment = before.Adjustment } : next;
        }
        return moments;
    }

    private Duration Offset(int slot) => Duration.FromMinutes(slot * Minutes / Slots);
}
