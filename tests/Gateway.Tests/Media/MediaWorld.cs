using System.Text;
using Platform.Gateway.Tests.World;

namespace Platform.Gateway.Tests.Media;

/// <summary>Asks for images and sound.</summary>
internal static class MediaWorld
{
    public static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    /// <summary>Every byte value, in an order that no text has.</summary>
    public static byte[] Noise(int length) => [.. Enumerable.Range(0, length).Select(i => (byte)((i * 31) ^ (i >> 3)))];

    public static MultipartFormDataContent Form(string model, params (string Name, string Value)[] fields)
    {
        var form = new MultipartFormDataContent("a-boundary") { { new StringContent(model), "model" } };
        foreach (var (name, value) in fields)
            form.Add(new StringContent(value), name);
        return form;
    }

    public static MultipartFormDataContent WithFile(this MultipartFormDataContent form, string name, byte[] bytes)
    {
        form.Add(new ByteArrayContent(bytes), name, "a file.bin");
        return form;
    }

    public static HttpContent Json(string body) => new StringContent(body, Encoding.UTF8, "application/json");

    public static async Task<HttpResponseMessage> AskAsync(this TestTenant tenant, string path, HttpContent content)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
        request.Headers.Authorization = new("Bearer", tenant.Key);
        return await tenant.Gateway.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancel);
    }

    public static async Task<byte[]> BytesAsync(this HttpContent content)
    {
        using var copy = new MemoryStream();
        await content.CopyToAsync(copy, Cancel);
        return copy.ToArray();
    }
}
