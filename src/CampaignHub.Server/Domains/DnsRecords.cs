using System.Net;
using CampaignHub.Server.Platform;
using DnsClient;
using DnsClient.Protocol;

namespace CampaignHub.Server.Domains;

/// <summary>
/// Reads records from the operator's resolvers, or the system's. A host that isn't there has none; a resolver
/// that fails or is silent is a fault, which says nothing of the host.
/// </summary>
internal sealed partial class DnsRecords(Settings settings, ILogger<DnsRecords> log)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly LookupClient client = new(Options(settings.Dns.EndPoints));

    /// <param name="host">The full name.</param>
    /// <param name="type"><c>TXT</c>, <c>MX</c> or <c>CNAME</c>.</param>
    /// <param name="ct">Ends the wait.</param>
    public async Task<RecordAnswer> ReadAsync(string host, string type, CancellationToken ct)
    {
        if (client.NameServers.Count == 0)
            return Unread(host, "the system names no resolver");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(Patience);
        try
        {
            var response = await client.QueryAsync(host, Enum.Parse<QueryType>(type), cancellationToken: limit.Token);
            return response.Header.ResponseCode switch
            {
                DnsHeaderResponseCode.NoError => new([.. response.Answers.Where(r => r.RecordType.ToString() == type).Select(TextOf)], null),
                DnsHeaderResponseCode.NotExistentDomain => new([], null),
                var code => Unread(host, $"the resolver answered {code}"),
            };
        }
        catch (Exception fault) when (fault is OperationCanceledException or DnsResponseException { Code: DnsResponseCode.ConnectionTimeout })
        {
            ct.ThrowIfCancellationRequested();
            return Unread(host, "no resolver answered in time");
        }
        // Who owns a domain decides what its name server answers, and the reader throws whatever it stumbles over.
        catch (Exception fault)
        {
            LogUnusable(fault, host);
            return Unread(host, "no resolver gave an answer that can be used");
        }
    }

    private static string TextOf(DnsResourceRecord record) => record switch
    {
        TxtRecord text => string.Concat(text.Text),
        MxRecord mx => $"{mx.Preference} {mx.Exchange.Value.TrimEnd('.')}",
        CNameRecord alias => alias.CanonicalName.Value.TrimEnd('.'),
        _ => "",
    };

    private static RecordAnswer Unread(string host, string why) => new(null, $"{host} could not be read: {why}.");

    private static LookupClientOptions Options(IReadOnlyList<IPEndPoint> servers)
    {
        var options = servers.Count == 0 ? new LookupClientOptions() : new LookupClientOptions([.. servers]);
        options.Timeout = TimeSpan.FromSeconds(4);
        options.Retries = 5; // Each TCP connection that is kept and that the resolver has closed meanwhile costs a try.
        options.UseCache = false; // Who asks has just changed something.
        return options;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The records of {Host} could not be read")]
    private partial void LogUnusable(Exception fault, string host);

    // The generator needs a field of this name.
    private readonly ILogger log = log;
}
