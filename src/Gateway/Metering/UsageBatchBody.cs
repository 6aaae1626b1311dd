using System.Buffers;
using System.Text;
using Platform.Contracts.Ids;

namespace Platform.Gateway.Metering;

/// <summary>The JSON of a <see cref="Contracts.Messages.UsageBatch"/>, put together from the records' stored bytes.</summary>
internal static class UsageBatchBody
{
    public const int MaxBytes = 512 * 1024;

    public static ReadOnlyMemory<byte> Compose(AgentId agent, IReadOnlyList<JournalRow> rows)
    {
        var body = new ArrayBufferWriter<byte>(rows.Sum(r => r.Json.Length + 1) + 80);
        body.Write(Encoding.UTF8.GetBytes($"{{\"agentId\":\"{agent}\",\"records\":["));
        for (var i = 0; i < rows.Count; i++)
        {
            if (i > 0)
                body.Write(","u8);
            body.Write(rows[i].Json);
        }
        body.Write("]}"u8);
        return body.WrittenMemory;
    }
}
