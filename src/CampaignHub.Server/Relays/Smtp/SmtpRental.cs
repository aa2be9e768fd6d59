namespace CampaignHub.Server.Relays.Smtp;

/// <summary>A connection lent by its pool for one message, or the reason why there is none.</summary>
public sealed class SmtpRental : IAsyncDisposable
{
    private readonly SmtpPool pool;
    private readonly SmtpConnection? connection;
    private bool returned;

    internal SmtpRental(SmtpPool pool, SmtpConnection? connection, SmtpResult? failure) =>
        (this.pool, this.connection, Failure) = (pool, connection, failure);

    /// <summary>Why the relay could not be reached or refused us; null when the connection is ready.</summary>
    public SmtpResult? Failure { get; }

    /// <summary>Sends, or answers <see cref="Failure"/>.</summary>
    /// <inheritdoc cref="SmtpConnection.SendAsync(ReadOnlyMemory{byte}, string, string, SendingLeave, CancellationToken)"/>
    public Task<SmtpResult> SendAsync(
        ReadOnlyMemory<byte> source, string from, string to, SendingLeave leave, CancellationToken cancellationToken) =>
        connection?.SendAsync(source, from, to, leave, cancellationToken) ?? Task.FromResult(Failure!);

    /// <summary>Gives the connection back; the pool keeps it if it can still be used.</summary>
    public ValueTask DisposeAsync()
    {
        if (returned)
            return ValueTask.CompletedTask;
        returned = true;
        return pool.ReturnAsync(connection);
    }
}
