namespace Platform.Portal.Overview;

/// <summary>First requests to copy. Model names and addresses hold no character that needs quoting.</summary>
internal static class Snippets
{
    public static string Curl(Uri gateway, string model) =>
        $$"""
        curl {{BaseUrl(gateway)}}/chat/completions \
          -H "Authorization: Bearer $API_KEY" \
          -H "Content-Type: application/json" \
          -d '{"model": "{{model}}", "messages": [{"role": "user", "content": "Hello"}]}'
        """;

    public static string Python(Uri gateway, string model) =>
        $$"""
        # pip install openai
        import os
        from openai import OpenAI

        client = OpenAI(base_url="{{BaseUrl(gateway)}}", api_key=os.environ["API_KEY"])
        answer = client.chat.completions.create(
            model="{{model}}",
            messages=[{"role": "user", "content": "Hello"}],
        )
        print(answer.choices[0].message.content)
        """;

    public static string CSharp(Uri gateway, string model) =>
        $$"""
        // dotnet add package OpenAI
        using System.ClientModel;
        using OpenAI;
        using OpenAI.Chat;

        var client = new ChatClient(
            "{{model}}",
            new ApiKeyCredential(Environment.GetEnvironmentVariable("API_KEY")!),
            new OpenAIClientOptions { Endpoint = new Uri("{{BaseUrl(gateway)}}") });
        ChatCompletion answer = await client.CompleteChatAsync("Hello");
        Console.WriteLine(answer.Content[0].Text);
        """;

    /// <summary>What an OpenAI client calls its base URL.</summary>
    public static string BaseUrl(Uri gateway) => gateway.AbsoluteUri.TrimEnd('/') + "/v1";
}
