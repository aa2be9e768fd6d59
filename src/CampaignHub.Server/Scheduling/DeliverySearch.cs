using System.Text;
using CampaignHub.Core.Sending;
using CampaignHub.Server.Deliveries;

namespace CampaignHub.Server.Scheduling;

/// <summary>
/// The filters of a list of deliveries as SQL. Some go into an index together with the list's order; by the others rows
/// can only be looked through, and a page looks through no more than <see cref="MostExamined"/>.
/// </summary>
internal sealed record DeliverySearch(Guid? CampaignId, string? State, Guid? RelayId, string? MailDomain, string? Reason, string? Reply)
{
    /// <summary>A second of work for a database that has to fetch each row from its disk, and far less for others.</summary>
    public const int MostExamined = 50_000;

    // Those of the column notable_state. A row that is on its way, or was accepted, is in no index by its state: every
    // message would pay for it.
    private static readonly HashSet<string> IndexedStates =
    [
        .. Enum.GetValues<DeliveryState>()
            .Except([DeliveryState.Scheduled, DeliveryState.Leased, DeliveryState.Sending, DeliveryState.Accepted])
            .Select(state => state.Word()),
    ];

    /// <summary>
    /// The column that orders the list: in a campaign the address's hash, by which its deliveries are unique and so
    /// indexed already. Both are unlike for any two rows of the list.
    /// </summary>
    public string Key => CampaignId is null ? "delivery_id" : "address_hash";

    /// <summary>Conditions that an index answers in the order of <see cref="Key"/>.</summary>
    public string Indexed => Conditions(
        (CampaignId is not null, "d.campaign_id = @CampaignId"), (State is not null && IsStateIndexed, "d.notable_state = @State"));

    /// <summary>Conditions for which rows have to be looked at; empty where there are none.</summary>
    public string Examined => Conditions(
        (State is not null && (!IsStateIndexed || State == Deferred), $"{DeliveryStore.ShownState} = @State"),
        (RelayId is not null, "d.relay_id = @RelayId"),
        (MailDomain is not null, "d.mail_domain = @MailDomain"),
        (Reason is not null, "d.reason = @Reason"),
        (Reply is not null, "strpos(lower(d.smtp_reply), lower(@Reply)) > 0"));

    // One that is claimed once more shows as leased.
    private static readonly string Deferred = DeliveryState.Deferred.Word();

    private bool IsStateIndexed => IndexedStates.Contains(State!);

    private static string Conditions(params ReadOnlySpan<(bool Wanted, string Condition)> all)
    {
        var conditions = new StringBuilder();
        foreach (var (wanted, condition) in all)
            if (wanted)
                conditions.Append(" AND ").Append(condition);
        return conditions.ToString();
    }
}
