Rails.application.routes.draw do
  root "books#index"
  resources :books, only: %i[index show create destroy] do
    post :cover, on: :member
  end
  get "digest", to: "books#mail"
  get "stats", to: "books#stats"
  get "crash", to: "books#crash"
  get "when", to: "books#when"
end
