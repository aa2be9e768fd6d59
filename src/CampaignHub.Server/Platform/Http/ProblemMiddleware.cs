using System.Net.Sockets;
using Microsoft.AspNetCore.Http.Features;
using Npgsql;

namespace CampaignHub.Server.Platform.Http;

/// <summary>The one place where what went wrong becomes an answer: RFC 9457 problem details, whatever threw.</summary>
internal sealed partial class ProblemMiddleware(RequestDelegate next, ILogger<ProblemMiddleware> log)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
            if (!context.Response.HasStarted && BareStatus(context) is { } problem)
                await SerializedAnswer.Of(problem).SendAsync(context, context.RequestAborted);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The caller has gone: there is nobody to answer.
        }
        catch (Exception fault) when (!context.Response.HasStarted)
        {
            var problem = Of(fault);
            if (fault is SealedSecretException)
                LogLost(context.Request.Method, context.Request.Path, fault.Message);
            else if (problem.Status >= 500 && fault is not ProblemException)
                LogFault(fault, context.Request.Method, context.Request.Path);
            context.Response.Clear();
            await SerializedAnswer.Of(problem).SendAsync(context, context.RequestAborted);
        }
    }

    private static Problem Of(Exception fault) => fault switch
    {
        ProblemException known => known.Problem,
        SealedSecretException lost => Problems.SecretLost(lost.Message),
        BadHttpRequestException { StatusCode: 413 } => Problems.TooLarge(RequestBody.Limit),
        BadHttpRequestException bad => Problems.Malformed(bad.Message),
        PostgresException { SqlState: PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow } => Problems.Unavailable(),
        // Its connections are lost, or its disk, memory or connections are used up.
        PostgresException { SqlState: ['0', '8', ..] or ['5', '3', ..] } => Problems.Unavailable(),
        PostgresException => Problems.Internal(),
        NpgsqlException or SocketException => Problems.Unavailable(),
        _ => Problems.Internal(),
    };

    /// <summary>Answers that routing gives without a body: no such path, or not with this method.</summary>
    private static Problem? BareStatus(HttpContext context) => context.Response.StatusCode switch
    {
        StatusCodes.Status404NotFound when context.GetEndpoint() is null => Problems.NotFound("path"),
        StatusCodes.Status405MethodNotAllowed => Problems.MethodNotAllowed(context.Request.Method),
        StatusCodes.Status415UnsupportedMediaType => Problems.UnsupportedMediaType("application/json"),
        _ => null,
    };

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} failed: {Reason}")]
    private partial void LogLost(string method, string path, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} failed")]
    private partial void LogFault(Exception fault, string method, string path);
}
