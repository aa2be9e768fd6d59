using System.Security.Cryptography;
using System.Text;
using CampaignHub.Core;
using CampaignHub.Core.Audience;
using CampaignHub.Core.Storefronts;
using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;
using CampaignHub.Server.Platform.Http.Limits;
using CampaignHub.Server.Platform.Jobs;
using FastEndpoints;
using NodaTime;

namespace CampaignHub.Server.Storefronts;

/// <summary>
/// A public address that a shop posts to: no key, but a signature over the raw bytes, which is checked before anything reads them.
/// What is answered 200 is stored; it is worked off afterwards.
/// </summary>
internal abstract class StorefrontHook(StorefrontKind kind, Database database, KeyRing ring, StorefrontMetrics metrics, WorkSignal signal, RateLimits limits, IClock clock) : Endpoint<HookRequest>
{
    private const int LongestTopic = 100;

    protected abstract string SignatureHeader { get; }

    protected abstract string TopicHeader { get; }

    /// <summary>What a replay of the message has in common with the first.</summary>
    protected abstract string EventKey(IHeaderDictionary headers, ReadOnlySpan<byte> body, IReadOnlyCollection<string> personKeys, ShopMessage message);

    protected virtual Instant? TriggeredAt(IHeaderDictionary headers) => null;

    /// <summary>A call that carries nothing and isn't signed: answered, and forgotten.</summary>
    protected virtual bool IsPing(HttpRequest request, ReadOnlySpan<byte> body) => false;

    protected void Describe(string summary)
    {
        Post($"/hooks/{kind.Word()}/{{id}}");
        AllowAnonymous();
        RequestBinder(new PathBinder());
        Summary(s => s.Summary = summary);
        Description(route => route.ClearDefaultAccepts().ClearDefaultProduces().WithMetadata(new AnswerRule([StatusCodes.Status200OK]), new PublicLimitRule(PublicLimit.Hooks))
            .Produces(StatusCodes.Status429TooManyRequests, contentType: "application/problem+json")
            .Produces(StatusCodes.Status400BadRequest, contentType: "application/problem+json")
            .Produces(StatusCodes.Status401Unauthorized, contentType: "application/problem+json")
            .Produces(StatusCodes.Status413PayloadTooLarge, contentType: "application/problem+json"));
    }

    public override async Task HandleAsync(HookRequest req, CancellationToken ct)
    {
        if (await ReceiveAsync(req.Id, ct) is { } problem)
        {
            await SerializedAnswer.Of(problem).SendAsync(HttpContext, ct);
            return;
        }
        HttpContext.Response.StatusCode = StatusCodes.Status200OK;
        HttpContext.Response.ContentLength = 0;
        await HttpContext.Response.StartAsync(ct);
    }

    private async Task<Problem?> ReceiveAsync(string id, CancellationToken ct)
    {
        var now = clock.GetCurrentInstant();
        var found = Guid.TryParse(id, out var storefrontId) ? await FindAsync(storefrontId, ct) : null;
        // Somebody else's address, and one that isn't there, are told no more than a wrong signature is.
        if (found is null)
            return await RefuseAsync();
        var body = (await RequestBody.ReadAsync(HttpContext, ct)).Bytes;
        if (!HookSignature.IsValid(body.Span, Header(SignatureHeader), found.Secrets(ring, storefrontId, now)))
            return IsPing(HttpContext.Request, body.Span) ? null : await RefuseAsync();
        var topic = Header(TopicHeader) ?? "";
        if (topic.Length > LongestTopic || !RecipientFields.IsText(topic))
            return Problems.Malformed(TopicHeader, "too_long", $"A topic has at most {LongestTopic} characters.");
        if (ShopMessages.Read(kind, topic, body) is not { } message)
            return Problems.Malformed($"The body must be one JSON object, nested at most {ShopMessages.MaxDepth} levels deep.");
        string[] people = [.. new ShopPersonKeys(ring, found.TenantId).Of(message)];
        var key = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{topic}\n{EventKey(HttpContext.Request.Headers, body.Span, people, message)}")));
        var posted = new PostedMessage(key, topic, TriggeredAt(HttpContext.Request.Headers), people, body.ToArray());
        await ShopMessageStore.InsertAsync(database, found.TenantId, storefrontId, posted, now, ct);
        metrics.Stored(kind);
        signal.Wake(WorkKind.ShopMessages);
        return null;
    }

    /// <summary>The header's only value; one that is sent twice is none.</summary>
    protected string? Header(string name) => HttpContext.Request.Headers[name] is { Count: 1 } value ? value[0] : null;

    private async Task<Problem> RefuseAsync()
    {
        metrics.Refused(kind);
        await limits.NoteWrongSignatureAsync(HttpContext);
        return Problems.WrongSignature();
    }

    private async Task<FoundStorefront?> FindAsync(Guid storefrontId, CancellationToken ct) =>
        (await database.LookUpAsync<FoundStorefront>(
            "SELECT tenant_id, kind, secret_encrypted, former_secret_encrypted, former_until FROM find_storefront(@storefrontId)", new { storefrontId }, ct))
        .FirstOrDefault(found => found.Kind == kind.Word());

    private sealed record FoundStorefront
    {
        public Guid TenantId { get; init; }
        public string Kind { get; init; } = "";
        public byte[] SecretEncrypted { get; init; } = [];
        public byte[]? FormerSecretEncrypted { get; init; }
        public Instant? FormerUntil { get; init; }

        public IEnumerable<byte[]> Secrets(KeyRing ring, Guid storefrontId, Instant now) =>
            SealedSecret.Counting(SecretEncrypted, FormerSecretEncrypted, FormerUntil, now).Select(box => StorefrontStore.Open(ring, TenantId, storefrontId, box));
    }

    /// <summary>Takes the id and nothing else: the body is read as bytes.</summary>
    private sealed class PathBinder : IRequestBinder<HookRequest>
    {
        public ValueTask<HookRequest> BindAsync(BinderContext ctx, CancellationToken ct) =>
            ValueTask.FromResult(new HookRequest { Id = ctx.HttpContext.Request.RouteValues["id"] as string ?? "" });
    }
}
