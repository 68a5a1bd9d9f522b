import Saddle
