using System.Net.Sockets;
using MailKit;
using MailKit.Security;

namespace CampaignHub.Server.Inbound.Mailboxes;

/// <summary>A mailbox that is open. Whatever goes wrong with it is a <see cref="MailboxFaultException"/>.</summary>
internal abstract class MailboxSession(MailboxStream stream) : IAsyncDisposable
{
    /// <summary>No longer message is read whole: of longer ones only the headers, or the beginning.</summary>
    protected const int MostBytes = 25 << 20;

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    /// <summary>The server's own ids of the messages that lie there.</summary>
    public abstract Task<IReadOnlyList<string>> ListAsync(CancellationToken ct);

    /// <summary>A message's beginning, which is all that is looked at; null where it is gone.</summary>
    public abstract Task<byte[]?> ReadAsync(string uid, CancellationToken ct);

    /// <summary>Moves or deletes messages that were handled, as the mailbox is set.</summary>
    public abstract Task SettleAsync(IReadOnlyCollection<string> uids, CancellationToken ct);

    /// <summary>Waits until there may be something new, two minutes at the most; false where the server can't tell.</summary>
    public abstract Task<bool> WaitAsync(CancellationToken ct);

    public abstract ValueTask DisposeAsync();

    /// <summary>Does something with the server, with patience.</summary>
    protected Task AskAsync(Func<CancellationToken, Task> ask, CancellationToken ct) => AskAsync(
        async patient =>
        {
            await ask(patient);
            return true;
        }, ct);

    /// <inheritdoc cref="AskAsync(Func{CancellationToken, Task}, CancellationToken)"/>
    protected async Task<T> AskAsync<T>(Func<CancellationToken, Task<T>> ask, CancellationToken ct)
    {
        stream.Renew();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(s_patience);
        try
        {
            return await ask(patience.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new MailboxFaultException("The server was silent for two minutes.");
        }
        catch (Exception fault) when (fault is AuthenticationException)
        {
            throw new MailboxFaultException($"The server refuses the login: {fault.Message}", fault);
        }
        catch (Exception fault) when (fault is CommandException or ProtocolException or IOException or SocketException
            or FolderNotFoundException or ServiceNotConnectedException or ServiceNotAuthenticatedException or NotSupportedException)
        {
            throw new MailboxFaultException(fault.Message, fault);
        }
    }

    /// <summary>The beginning of a stream, as much as is looked at.</summary>
    protected static async Task<byte[]> BeginningAsync(Stream message, CancellationToken ct)
    {
        await using (message)
        {
            var bytes = new byte[Core.Inbound.InboundReader.MaxBytes];
            return bytes[..await message.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, ct)];
        }
    }
}

/// <summary>A mailbox can't be read; the message is for its owner.</summary>
internal sealed class MailboxFaultException(string message, Exception? cause = null) : Exception(message, cause);
