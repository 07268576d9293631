import { api } from "./api";
import type { DemoMember, DemoMemberSignIn, DemoSignIn, OutboxMessage, PhoneTranscript } from "./types/demo";

function itemsOf<Item>(answer: { items: Item[] }): Item[] {
  return answer.items;
}

const demoApi = api.injectEndpoints({
  endpoints: (build) => ({
    listDemoSignIns: build.query<DemoSignIn[], void>({
      query: () => "/demo/api/sign-ins",
      transformResponse: itemsOf<DemoSignIn>,
    }),
    listDemoMemberSignIns: build.query<DemoMemberSignIn[], void>({
      query: () => "/demo/api/member-sign-ins",
      transformResponse: itemsOf<DemoMemberSignIn>,
    }),
    listDemoMembers: build.query<DemoMember[], void>({
      query: () => "/demo/api/members",
      transformResponse: itemsOf<DemoMember>,
    }),
    getTranscript: build.query<PhoneTranscript, string>({
      query: (phone) => `/demo/api/phones/${encodeURIComponent(phone)}/transcript`,
      providesTags: ["Transcript"],
    }),
    sendText: build.mutation<null, { phone: string; text: string }>({
      query: ({ phone, text }) => ({ url: phoneAddress(phone, "text"), method: "POST", body: { text } }),
      invalidatesTags: ["Transcript"],
    }),
    sendFile: build.mutation<null, { phone: string; file: File }>({
      query: ({ phone, file }) => ({
        url: phoneAddress(phone, "image"),
        method: "POST",
        body: fileForm(file),
      }),
      invalidatesTags: ["Transcript"],
    }),
    pressButton: build.mutation<null, { phone: string; button_id: string; message_id: string }>({
      query: ({ phone, ...body }) => ({ url: phoneAddress(phone, "button"), method: "POST", body }),
      invalidatesTags: ["Transcript"],
    }),
    listOutbox: build.query<OutboxMessage[], void>({
      query: () => "/demo/api/outbox",
      transformResponse: itemsOf<OutboxMessage>,
      providesTags: ["Outbox"],
    }),
  }),
});

function phoneAddress(phone: string, act: string): string {
  return `/demo/api/phones/${encodeURIComponent(phone)}/${act}`;
}

function fileForm(file: File): FormData {
  const form = new FormData();
  form.append("file", file);
  return form;
}

export const {
  useListDemoSignInsQuery,
  useListDemoMemberSignInsQuery,
  useListDemoMembersQuery,
  useGetTranscriptQuery,
  useSendTextMutation,
  useSendFileMutation,
  usePressButtonMutation,
  useListOutboxQuery,
} = demoApi;
