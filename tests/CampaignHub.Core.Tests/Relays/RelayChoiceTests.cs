using CampaignHub.Core.Relays;
using CsCheck;

namespace CampaignHub.Core.Tests.Relays;

public sealed class RelayChoiceTests
{
    private static readonly Gen<string?> Region = Gen.OneOf((string?[])["eu-central", "eu-west", "ap-southeast", "us-east", null]);

    private static readonly Gen<string?> Country = Gen.OneOf((string?[])["DE", "FR", "JP", "US", "BR", null]);

    private static readonly Gen<RelayCandidate> Relay = Gen.Select(Gen.Guid, Gen.Int[1, 100], Region, (id, weight, region) => new RelayCandidate(id, weight, region));

    private static readonly Gen<RelayCandidate[]> Relays = Relay.Array[1, 8].Where(relays => relays.DistinctBy(r => r.Id).Count() == relays.Length);

    [Fact]
    public void Each_relay_is_tried_once_whatever_order_they_are_given_in() =>
        Gen.Select(Relays, Country, Gen.Guid).Sample((relays, country, delivery) =>
        {
            var order = Order(relays, country, delivery);
            return order.Order().SequenceEqual(relays.Select(r => r.Id).Order()) && order.SequenceEqual(Order(relays.Reverse(), country, delivery));
        });

    [Fact]
    public void The_nearer_is_tried_first() =>
        Gen.Select(Relays, Country, Gen.Guid).Sample((relays, country, delivery) =>
        {
            var nearness = Order(relays, country, delivery).Select(id => RelayRegions.BuiltIn.NearnessOf(relays.Single(r => r.Id == id).Region, country)).ToList();
            return nearness.SequenceEqual(nearness.Order());
        });

    [Fact]
    public void When_a_relay_leaves_the_others_keep_their_order_so_that_only_its_own_deliveries_move() =>
        Gen.Select(Relays, Country, Gen.Guid, Gen.Int[0, 7]).Sample((relays, country, delivery, n) =>
        {
            var leaving = relays[n % relays.Length];
            return Order(relays, country, delivery).Where(id => id != leaving.Id)
                .SequenceEqual(Order(relays.Where(r => r.Id != leaving.Id), country, delivery));
        });

    [Fact]
    public void Equally_near_relays_share_the_deliveries_by_their_weights() =>
        Gen.Select(Gen.Int[1, 100].Array[2, 5], Gen.Int).Sample((weights, seed) =>
        {
            const int Deliveries = 4_000;
            var relays = weights.Select((weight, n) => new RelayCandidate(Id(seed, n, 1), weight, "eu-central")).ToList();
            var first = Enumerable.Range(0, Deliveries).CountBy(n => Order(relays, "DE", Id(seed, n, 2))[0]).ToDictionary();
            return relays.All(relay =>
            {
                var share = relay.Weight / (double)weights.Sum();
                // Six standard deviations: by chance once in half a billion.
                return Math.Abs(first.GetValueOrDefault(relay.Id) - Deliveries * share) <= 6 * Math.Sqrt(Deliveries * share * (1 - share)) + 1;
            });
        }, iter: 30);

    [Fact]
    public void Mail_to_Germany_leaves_through_Frankfurt_and_mail_to_Japan_through_Singapore_where_nothing_is_nearer()
    {
        RelayCandidate frankfurt = new(Id(0, 1, 1), 100, "eu-central"), singapore = new(Id(0, 2, 1), 1, "ap-southeast");
        foreach (var delivery in Enumerable.Range(0, 50).Select(n => Id(0, n, 2)))
        {
            Order([frankfurt, singapore], "DE", delivery).ShouldBe([frankfurt.Id, singapore.Id]);
            Order([frankfurt, singapore], "JP", delivery).ShouldBe([singapore.Id, frankfurt.Id]);
        }
    }

    [Fact]
    public void The_choice_is_the_same_on_every_node_and_in_every_release() => string.Concat(Enumerable.Range(0, 12)
        .Select(n => Order([new(Id(0, 1, 1), 1, null), new(Id(0, 2, 1), 1, null)], null, Id(0, n, 2))[0] == Id(0, 1, 1) ? '1' : '2'))
        .ShouldBe("211122212111");

    private static IReadOnlyList<Guid> Order(IEnumerable<RelayCandidate> relays, string? country, Guid delivery) =>
        RelayChoice.Order(relays, RelayRegions.BuiltIn, country, delivery);

    private static Guid Id(int seed, int n, byte kind) => new(seed, (short)n, (short)(n >> 16), 0, 0, 0, 0, 0, 0, 0, kind);
}
