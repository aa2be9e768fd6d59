using System.Text.Json;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Json;
using FastEndpoints;
using Microsoft.AspNetCore.Http.Features;

namespace CampaignHub.Server.Platform.Http;

/// <summary>
/// A call of the API: runs in one transaction of the caller's tenant, answers a value or a problem, and is sent only
/// after its commit. A POST with an <c>Idempotency-Key</c> keeps its answer in that same transaction.
/// </summary>
public abstract class ApiEndpoint<TRequest, TResponse> : Endpoint<TRequest, TResponse> where TRequest : notnull
{
    /// <summary>Set by FastEndpoints from the container.</summary>
    public required Database.Database Database { get; init; }

    public required IdempotencyKeys IdempotencyKeys { get; init; }

    protected Caller Caller => HttpContext.Features.GetRequiredFeature<Caller>();

    /// <summary>Decides the answer. Nothing that it writes stands unless the answer is no problem.</summary>
    protected abstract Task<Answer<TResponse>> AnswerAsync(TRequest request, TenantTransaction transaction);

    /// <summary>Declares what the call needs of its caller. Call it first in <c>Configure</c>.</summary>
    protected void Access(string scope)
    {
        AllowAnonymous(); // FastEndpoints' own authorization stays out: ApiKeyAuthentication reads the rule.
        // The binder judges the media type, after the key: without one nobody learns what a path accepts.
        Description(route => route.ClearDefaultAccepts().WithMetadata(new AccessRule(scope)));
    }

    /// <summary>The statuses with which the call succeeds, for its description: 200 (204 without a body) unless said otherwise.</summary>
    protected void Answers(params int[] statuses) => Description(route => route.WithMetadata(new AnswerRule(statuses)));

    /// <summary>The call answers in another media type too, where the caller's <c>Accept</c> prefers it.</summary>
    protected void AlsoAnswers(string mediaType) => Description(route => route.Produces<string>(StatusCodes.Status200OK, mediaType));

    /// <summary>The call answers 304 to a poller that has it already: see <see cref="PolledAnswer"/>.</summary>
    protected void Polled() => Description(route => route.Produces(StatusCodes.Status304NotModified).WithMetadata(new PolledRule()));

    /// <summary>The call answers 409 where the state forbids it, for its description.</summary>
    protected void Conflicts() => Description(route => route.WithMetadata(new ConflictRule()));

    /// <summary>The call reads its body as a stream of one of these media types, and judges it itself.</summary>
    protected void Streams(params string[] contentTypes) => Description(route => route.WithMetadata(new StreamedBodyRule(contentTypes)));

    public sealed override async Task HandleAsync(TRequest request, CancellationToken ct)
    {
        var reservation = await IdempotencyKeys.ReserveAsync(HttpContext, Caller, RequestBody.Of(HttpContext)?.Hash(), ct);
        if (reservation.Replay is { } replay)
        {
            var again = await ReplayAsync(replay, ct);
            await again.SendAsync(HttpContext, ct);
            return;
        }
        await using (reservation)
        {
            var sent = await RunAsync(request, reservation, ct);
            await sent.SendAsync(HttpContext, ct);
        }
    }

    /// <summary>
    /// Runs between the commit and the answer, where there was no problem: wakes what the effect has made due. May be
    /// lost (a crash), so it only hastens what a loop would find by itself.
    /// </summary>
    protected virtual Task AfterCommitAsync(TRequest request, CancellationToken ct) => Task.CompletedTask;

    /// <summary>
    /// Answers a repeated request. Overridden by calls that stream their body: its hash isn't known before, so they
    /// compare it here.
    /// </summary>
    protected virtual Task<SerializedAnswer> ReplayAsync(SerializedAnswer first, CancellationToken ct) => Task.FromResult(first);

    /// <summary>Runs the call in its transaction, and then what follows. Overridden by the few that talk to others on the way.</summary>
    protected virtual async Task<SerializedAnswer> RunAsync(TRequest request, IdempotencyReservation reservation, CancellationToken ct)
    {
        var (answer, committed) = await WorkAsync(request, reservation, ct);
        await (committed ? AfterCommitAsync(request, ct) : reservation.KeepAsync(answer, ct));
        return answer;
    }

    /// <summary>The transaction: committed with the answer that it keeps, or, where that is a problem, rolled back.</summary>
    private async Task<(SerializedAnswer Answer, bool Committed)> WorkAsync(TRequest request, IdempotencyReservation reservation, CancellationToken ct)
    {
        var isPolled = HttpContext.GetEndpoint()?.Metadata.GetMetadata<PolledRule>() is not null;
        await using var transaction = isPolled ? await Database.BeginPreparedAsync(Caller.TenantId, ct) : await Database.BeginAsync(Caller.TenantId, ct);
        var answer = await AnswerAsync(request, transaction);
        var serialized = SerializedAnswer.Of(answer);
        if (answer.Problem is not null)
            return (serialized, false);
        await reservation.KeepAsync(serialized, transaction);
        await transaction.CommitAsync();
        return (serialized, true);
    }
}

/// <summary>An answer in bytes: what is sent, and what an idempotency record gives again.</summary>
public sealed record SerializedAnswer(int Status, string? Location, byte[] Body, bool Secret)
{
    public static SerializedAnswer Of<T>(Answer<T> answer) =>
        answer.Problem is { } problem
            ? Of(problem)
            : answer.Stream is { } stream
            ? new(answer.Status, null, [], false) { Stream = stream, Tag = answer.Tag }
            : new(answer.Status, answer.Location,
                answer.Status == StatusCodes.Status204NoContent ? [] : JsonSerializer.SerializeToUtf8Bytes(answer.Body, ApiJson.Options),
                answer.Secret)
            { Tag = answer.Tag };

    public static SerializedAnswer Of(Problem problem) =>
        new(problem.Status, null, JsonSerializer.SerializeToUtf8Bytes(problem, ApiJson.Options), false) { RetryAfterSeconds = problem.RetryAfterSeconds };

    public int? RetryAfterSeconds { get; init; }

    /// <summary>Of a replay: SHA-256 of the first body, for calls that stream theirs and compare it afterwards.</summary>
    public byte[]? BodyHash { get; init; }

    /// <summary>Of an answer that is written while it is read: an answer to a GET, which no idempotency record keeps.</summary>
    public StreamedBody? Stream { get; init; }

    /// <summary>Of an answer to poll: its entity tag.</summary>
    public string? Tag { get; init; }

    public async Task SendAsync(HttpContext context, CancellationToken ct)
    {
        var response = context.Response;
        if (Tag is not null && PolledAnswer.IsKnown(context, Tag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            await response.StartAsync(ct);
            return;
        }
        response.StatusCode = Status;
        response.Headers.XContentTypeOptions = "nosniff";
        if (Location is not null)
            response.Headers.Location = Location;
        if (RetryAfterSeconds is { } seconds)
            response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        if (Secret)
            response.Headers.CacheControl = "no-store";
        if (Stream is not null)
        {
            response.ContentType = Stream.MediaType + "; charset=utf-8";
            // From here on a fault cuts the connection: what was written can't be taken back for a problem.
            await response.StartAsync(ct);
            await Stream.WriteAsync(response.BodyWriter, ct);
            return;
        }
        if (Body.Length == 0)
        {
            await response.StartAsync(ct);
            return;
        }
        response.ContentType = Status >= 400 ? "application/problem+json" : "application/json; charset=utf-8";
        response.ContentLength = Body.Length;
        await response.Body.WriteAsync(Body, ct);
    }
}
