using CampaignHub.Server.Sending;

namespace CampaignHub.Server.Tests.Sending;

/// <summary>How many of ten workers a mail domain may have.</summary>
public sealed class DomainPacesTests
{
    private const int Workers = 10;
    private readonly DomainPaces _paces = new();

    [Fact]
    public void A_domain_that_is_slow_beside_the_others_gets_a_tenth_whoever_ended_first()
    {
        Send("slow.example", 2_000);
        Send("quick.example", 5);

        MostOf("slow.example").ShouldBe(1);
        MostOf("quick.example").ShouldBe(Workers);
        _paces.Slow(waiting: 1).ShouldBe(["slow.example"]);
    }

    [Fact]
    public void Domains_that_all_take_long_are_slow_beside_nobody()
    {
        Send("a.example", 400);
        Send("b.example", 400);

        MostOf("a.example").ShouldBe(Workers);
        MostOf("b.example").ShouldBe(Workers);
        _paces.Slow(waiting: 0).ShouldBeEmpty();
    }

    [Fact]
    public void One_that_takes_long_while_no_other_is_known_leaves_a_worker_for_another_and_asks_for_some()
    {
        MostOf("new.example").ShouldBe(Workers / 4, "nothing is known of it");
        _paces.OnlyLongWait(most: 100).ShouldBeFalse();

        var alone = new DomainPaces();
        Send(alone, "long.example", 2_000);
        alone.Queued("long.example");

        MostOf(alone, "long.example").ShouldBe(Workers - 1);
        alone.OnlyLongWait(most: 100).ShouldBeTrue();
        alone.OnlyLongWait(most: 1).ShouldBeFalse("enough wait");
        alone.Slow(waiting: 0).ShouldBeEmpty();
    }

    private void Send(string domain, double milliseconds) => Send(_paces, domain, milliseconds);

    /// <summary>One message, while another of the domain waits: it stays known.</summary>
    private static void Send(DomainPaces paces, string domain, double milliseconds)
    {
        paces.Queued(domain);
        paces.Queued(domain);
        paces.Began(domain);
        paces.Ended(domain, milliseconds);
    }

    private int MostOf(string domain) => MostOf(_paces, domain);

    /// <summary>Begins as many as there is room for.</summary>
    private static int MostOf(DomainPaces paces, string domain)
    {
        var begun = 0;
        for (paces.Queued(domain); begun < Workers && paces.HasRoom(domain, Workers); begun++)
        {
            paces.Queued(domain);
            paces.Began(domain);
        }
        return begun;
    }
}
