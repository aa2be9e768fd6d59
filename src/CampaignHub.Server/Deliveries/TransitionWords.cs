using CampaignHub.Core.Sending;

namespace CampaignHub.Server.Deliveries;

/// <summary>Core's transitions as SQL takes them: <c>SET state = @to … WHERE state = ANY (@from)</c>.</summary>
internal static class TransitionWords
{
    public static string ToWord(this DeliveryTransition transition) => DeliveryStateMachine.To(transition).Word();

    public static string[] FromWords(this DeliveryTransition transition) =>
        [.. DeliveryStateMachine.From(transition).Select(state => state.Word())];
}
