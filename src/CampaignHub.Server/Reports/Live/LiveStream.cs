using System.Buffers;
using System.IO.Pipelines;
using System.Text;

namespace CampaignHub.Server.Reports.Live;

/// <summary>
/// Writes a watched report as server-sent events (HTML standard, section 9.2): whenever it has changed, the whole of it. A
/// watcher that reads slowly skips what was between.
/// </summary>
internal sealed class LiveStream(LiveWatch watch, string? known, CancellationToken stopping)
{
    public const string MediaType = "text/event-stream";

    /// <summary>By then the caller comes back by itself, and its key is looked at again.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    /// <summary>A comment, so that proxies don't take the silence for an end, and we notice who has gone.</summary>
    private static readonly TimeSpan SignOfLifeEvery = TimeSpan.FromSeconds(15);

    public async Task WriteAsync(PipeWriter body, CancellationToken aborted)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(aborted, stopping);
        end.CancelAfter(Longest);
        Write(body, "retry: 2000\n\n");
        await body.FlushAsync(aborted);
        while (!end.IsCancellationRequested)
        {
            var (state, changed) = watch.Current;
            if (state is not null && state.Id != known)
            {
                Write(body, $"id: {state.Id}\nevent: report\ndata: ");
                body.Write(state.Json);
                Write(body, "\n\n");
                known = state.Id;
                await body.FlushAsync(aborted);
            }
            else if (!await IsDoneAsync(changed, end.Token) && !end.IsCancellationRequested)
            {
                Write(body, ": nothing new\n\n");
                await body.FlushAsync(aborted);
            }
        }
    }

    private static async Task<bool> IsDoneAsync(Task changed, CancellationToken end)
    {
        await Task.WhenAny(changed, Task.Delay(SignOfLifeEvery, end));
        return changed.IsCompleted;
    }

    private static void Write(PipeWriter body, string text) => Encoding.UTF8.GetBytes(text, body);
}
