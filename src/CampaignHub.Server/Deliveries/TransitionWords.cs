using CampaignHub.Core.Sending;

namespace CampaignHub.Server.Deliveries;

/// <summary>Core's transitions as SQL takes them: <c>SET state = @to … WHERE state = ANY (@from)</c>.</summary>
/// <remarks>
/// No row says <c>leased</c>: what a lease bears says <c>scheduled</c> or <c>deferred</c> until it is marked, so that a claim
/// writes no delivery. Writes of a worker are fenced by <c>is_held</c> besides.
/// </remarks>
internal static class TransitionWords
{
    public static string ToWord(this DeliveryTransition transition) => DeliveryStateMachine.To(transition).Word();

    public static string[] FromWords(this DeliveryTransition transition) =>
        [.. DeliveryStateMachine.From(transition).SelectMany(Stored).Distinct().Select(state => state.Word())];

    private static DeliveryState[] Stored(DeliveryState state) =>
        state == DeliveryState.Leased ? [DeliveryState.Scheduled, DeliveryState.Deferred] : [state];
}
