using CampaignHub.Core.Sending;
using CsCheck;

namespace CampaignHub.Core.Tests.Sending;

public sealed class DeliveryStateMachineTests
{
    private static readonly DeliveryState[] s_states = Enum.GetValues<DeliveryState>();
    private static readonly DeliveryTransition[] s_transitions = Enum.GetValues<DeliveryTransition>();

    [Fact]
    public void Words_round_trip_and_are_the_contracts()
    {
        s_states.Select(state => state.Word()).ShouldBe(
            ["scheduled", "leased", "sending", "accepted", "deferred", "rejected", "uncertain", "suppressed", "missed", "cancelled", "expired", "held"]);
        s_states.ShouldAllBe(state => DeliveryStateWords.Parse(state.Word()) == state);
        DeliveryStateWords.Parse("Accepted").ShouldBeNull();
    }

    [Fact]
    public void Finals_are_the_contracts() =>
        s_states.Where(state => state.IsFinal()).Select(state => state.Word())
            .ShouldBe(["accepted", "rejected", "suppressed", "missed", "cancelled", "expired", "held"]);

    [Fact]
    public void Finals_are_never_left_but_held_for_a_late_answer()
    {
        var ways = from state in s_states
                   where state.IsFinal()
                   from transition in s_transitions
                   let next = DeliveryStateMachine.Next(state, transition)
                   where next is not null
                   select (state, transition, next.Value);
        ways.ShouldBe([(DeliveryState.Held, DeliveryTransition.LateAccept, DeliveryState.Accepted)]);
    }

    [Fact]
    public void Every_unfinished_state_has_a_way_to_a_final_one() =>
        s_states.Where(state => !state.IsFinal()).ShouldAllBe(state => Reachable(state).Any(next => next.IsFinal()));

    [Fact]
    public void Every_state_but_the_first_is_reached() =>
        Reachable(DeliveryState.Scheduled).Append(DeliveryState.Scheduled).Distinct().Order().ShouldBe(s_states);

    [Fact]
    public void Next_agrees_with_the_states_that_a_store_asks_for() =>
        Gen.Select(Gen.Enum<DeliveryState>(), Gen.Enum<DeliveryTransition>()).Sample((state, transition) =>
            DeliveryStateMachine.Next(state, transition)
                == (DeliveryStateMachine.From(transition).Contains(state) ? DeliveryStateMachine.To(transition) : null));

    [Fact]
    public void Nothing_reaches_the_relay_without_the_mark() =>
        DeliveryStateMachine.From(DeliveryTransition.Accept).ShouldBe([DeliveryState.Sending]);

    [Fact]
    public void Once_a_resend_has_begun_a_late_answer_changes_nothing() =>
        new[] { DeliveryState.Leased, DeliveryState.Sending, DeliveryState.Deferred }
            .ShouldAllBe(state => DeliveryStateMachine.Next(state, DeliveryTransition.LateAccept) == null);

    [Fact]
    public void Once_uncertain_a_delivery_ends_accepted_or_held()
    {
        foreach (var wanted in s_transitions.Where(t => DeliveryStateMachine.To(t).IsFinal()))
        {
            DeliveryStateMachine.Ending(wanted, onceUncertain: false).ShouldBe(wanted);
            var ending = DeliveryStateMachine.Ending(wanted, onceUncertain: true);
            DeliveryStateMachine.To(ending).ShouldBeOneOf(DeliveryState.Accepted, DeliveryState.Held);
            DeliveryStateMachine.From(wanted).ShouldBeSubsetOf(DeliveryStateMachine.From(ending));
        }
    }

    private static HashSet<DeliveryState> Reachable(DeliveryState start)
    {
        var found = new HashSet<DeliveryState>();
        var open = new Queue<DeliveryState>([start]);
        while (open.TryDequeue(out var state))
            foreach (var next in s_transitions.Select(t => DeliveryStateMachine.Next(state, t)).OfType<DeliveryState>().Where(found.Add))
                open.Enqueue(next);
        return found;
    }
}
