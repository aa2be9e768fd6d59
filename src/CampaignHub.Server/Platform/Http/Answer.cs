using System.IO.Pipelines;

namespace CampaignHub.Server.Platform.Http;

/// <summary>What an endpoint answers: a body with its status, or a problem. Nothing is sent until the transaction is committed.</summary>
public readonly struct Answer<T>
{
    internal Answer(int status, T? body, string? location, Problem? problem, bool secret) =>
        (Status, Body, Location, Problem, Secret) = (status, body, location, problem, secret);

    public int Status { get; }

    public T? Body { get; }

    public string? Location { get; }

    public Problem? Problem { get; }

    /// <summary>The body holds a secret: an idempotency record of it is kept encrypted.</summary>
    public bool Secret { get; }

    /// <summary>What writes the body after the transaction, instead of <see cref="Body"/>.</summary>
    public StreamedBody? Stream { get; init; }

    /// <summary>What a poller may hold against what it has (<c>ETag</c>); null where the answer isn't one to poll.</summary>
    public string? Tag { get; init; }

    public static implicit operator Answer<T>(T body) => new(200, body, null, null, false);

    public static implicit operator Answer<T>(Problem problem) => new(problem.Status, default, null, problem, false);
}

/// <summary>A body that is too large to hold: written while it is read. It opens what it reads from by itself.</summary>
public sealed record StreamedBody(string MediaType, Func<PipeWriter, CancellationToken, Task> WriteAsync);

/// <summary>The body of an answer that has none (204), and the request of a call that needs nothing but its key.</summary>
public sealed record Nothing;

/// <summary>Answers other than a plain 200.</summary>
public static class Answer
{
    public static Answer<T> Ok<T>(T body, bool secret = false) => new(200, body, null, null, secret);

    public static Answer<T> Created<T>(T body, string location, bool secret = false) => new(201, body, location, null, secret);

    public static Answer<T> Accepted<T>(T body) => new(202, body, null, null, false);

    public static Answer<T> Streamed<T>(string mediaType, Func<PipeWriter, CancellationToken, Task> write) =>
        new(200, default, null, null, false) { Stream = new StreamedBody(mediaType, write) };

    public static Answer<Nothing> NoContent() => new(204, null, null, null, false);
}
